package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vistadr.restore.RestoreFixture.end;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.Entry;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Confirm;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.DirectoryTarget;
import org.vistadr.restore.target.FileNames;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;

/// Restores to a directory of this machine.
final class DirectoryRestoresIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private RestoreFixture fixture;
  private Restores restores;
  private Path target;

  @BeforeEach
  void open() throws IOException {
    open(TestS3.versioned(SiteName.PRIMARY));
  }

  private void open(SiteConfig primary) throws IOException {
    fixture = new RestoreFixture(directory.resolve(primary.bucket()), primary);
    restores = fixture.restores();
    target = directory.toRealPath().resolve("out/of/the/way");
  }

  @AfterEach
  void close() {
    restores.close();
    fixture.close();
  }

  /// The embedded server keeps objects as files itself, so only a `moto_server` takes every key.
  @Test
  void everyKeyComesBackExactlyHoweverItIsNamed() throws Exception {
    var moto = S3Servers.moto();
    if (moto.isPresent()) {
      close();
      var site = S3Servers.site(moto.get(), SiteName.PRIMARY, TestS3.freshName(), "generic");
      TestS3.admin(
          site,
          admin -> {
            admin.createBucket();
            admin.enableVersioning();
          });
      open(site);
    }
    var keys =
        List.of(
            "a",
            "a/b",
            "a/b/c",
            "a!",
            "A",
            "x/y.jpg",
            "empty//segment",
            "slash/",
            "slash/x",
            "é",
            "e\u0301",
            "back\\slash",
            "name with blanks",
            ".vistadr",
            "vistadr-mapping.jsonl",
            "n".repeat(255),
            "n".repeat(256),
            "d/".repeat(100) + "deep",
            "colon:star*?\"<>|",
            "new\nline");
    var accepted = new TreeMap<String, String>();
    for (var key : keys) {
      if (isTaken(key)) {
        accepted.put(key, "content of " + key);
      }
    }
    assertThat(accepted.size()).isGreaterThanOrEqualTo(moto.isPresent() ? keys.size() - 1 : 8);
    fixture.put("empty", "");
    accepted.put("empty", "");
    fixture.put("large", "x".repeat(3 << 20));
    accepted.put("large", "x".repeat(3 << 20));
    fixture.scan();

    var plan = restores.plan(to(fixture.moment()));
    assertThat(plan.bucket()).isEqualTo(target.toString());
    assertThat(plan.confirm()).isEqualTo(Confirm.NONE);
    assertThat(target).doesNotExist();
    var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());

    assertThat(ended.message()).isEqualTo(accepted.size() + " objects restored and verified");
    assertThat(readBack()).isEqualTo(accepted);
    var lines = mapping();
    assertThat(lines.keySet()).isEqualTo(accepted.keySet());
    for (var line : lines.values()) {
      assertThat(line.path("attributes").path("contentType").asText()).isEqualTo("image/jpeg");
      assertThat(line.path("attributes").path("userMetadata").path("owner").asText())
          .isEqualTo("owner of " + line.path("key").asText());
    }
    assertThat(target.resolve("x/y.jpg")).hasContent("content of x/y.jpg");
    assertThat(target.resolve(".vistadr/tmp")).isEmptyDirectory();
  }

  @Test
  void nothingIsWrittenThroughASymbolicLink() throws Exception {
    fixture.put("link/x", "one");
    fixture.put("file", "one");
    fixture.put("ok", "one");
    fixture.scan();
    var outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("link"), outside);
    Files.writeString(directory.resolve("victim"), "untouched");
    Files.createSymbolicLink(target.resolve("file"), directory.resolve("victim"));
    var plan = restores.plan(to(fixture.moment()));
    assertThat(plan.count(RestoreAction.CANNOT).objects()).isEqualTo(2);
    var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());

    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.FAILED), 0, 10))
        .allSatisfy(item -> assertThat(item.detail()).contains("symbolic link"));
    assertThat(outside).isEmptyDirectory();
    assertThat(directory.resolve("victim")).hasContent("untouched");
    assertThat(target.resolve("ok")).hasContent("one");
  }

  @Test
  void linkThatComesUpAfterThePlanIsNotFollowedEither() throws Exception {
    fixture.put("link/x", "one");
    fixture.scan();
    var plan = restores.plan(to(fixture.moment()));
    var outside = Files.createDirectory(directory.resolve("outside"));
    Files.createDirectories(target);
    Files.createSymbolicLink(target.resolve("link"), outside);
    var ended = end(restores, restores.apply(plan.id(), Optional.empty()).id());
    assertThat(ended.state()).isEqualTo(Restore.State.FAILED);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void filesThatAreThereAreTreatedByTheRules() throws Exception {
    fixture.put("equal", "one");
    fixture.put("other", "one");
    fixture.put("gone", "one");
    fixture.protect();
    var then = fixture.moment();
    Files.createDirectories(target);
    Files.writeString(target.resolve("equal"), "one");
    Files.writeString(target.resolve("other"), "two");
    Files.writeString(target.resolve("foreign"), "not ours");

    var careful =
        restores.plan(to(then).withRules(RestoreRules.DEFAULT.withOverwrite(Overwrite.NEVER)));
    assertThat(careful.count(RestoreAction.LEFT_ALONE).objects()).isEqualTo(1);
    assertThat(careful.count(RestoreAction.BRING_BACK).objects()).isEqualTo(1);
    var plan = restores.plan(to(then));
    assertThat(plan.count(RestoreAction.UNCHANGED).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.PUT_BACK).objects()).isEqualTo(1);
    assertThat(plan.count(RestoreAction.BRING_BACK).objects()).isEqualTo(1);
    assertThat(plan.confirm()).isEqualTo(Confirm.BUCKET);
    var ended = end(restores, restores.apply(plan.id(), Optional.of(target.toString())).id());

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(target.resolve("other")).hasContent("one");
    assertThat(target.resolve("gone")).hasContent("one");
    assertThat(target.resolve("foreign")).hasContent("not ours");
    var item =
        restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10).stream()
            .filter(done -> done.key().value().equals("other"))
            .findFirst()
            .orElseThrow();
    assertThat(target.resolve(item.aside().orElseThrow().value())).hasContent("two");
  }

  @Test
  void fileThatChangedSinceThePlanIsSkipped() throws Exception {
    fixture.put("a", "one");
    fixture.put("b", "one");
    fixture.scan();
    Files.createDirectories(target);
    Files.writeString(target.resolve("a"), "two");
    var plan = restores.plan(to(fixture.moment()));
    // Applied, and cut off before the first file: what changes from here on no plan check sees.
    fixture.catalog.restores().apply(plan.id(), "r-late", Clock.systemUTC().instant());
    Files.writeString(target.resolve("a"), "three");
    Files.writeString(target.resolve("b"), "came up");
    restores.resumeInterrupted();
    var ended = end(restores, "r-late");
    assertThat(ended.count(RestoreItem.State.SKIPPED)).isEqualTo(2);
    assertThat(target.resolve("a")).hasContent("three");
    assertThat(target.resolve("b")).hasContent("came up");
  }

  @Test
  void restoreGoesOnAfterACrashWithoutWritingTwice() throws Exception {
    for (int i = 0; i < 20; i++) {
      fixture.put("p/" + i, "one " + i);
    }
    fixture.protect();
    var plan = restores.plan(to(fixture.moment()));
    // As a process leaves it that was killed after a file had its name and before recording it.
    fixture.catalog.restores().apply(plan.id(), "r-crash", Clock.systemUTC().instant());
    Files.createDirectories(target.resolve("p"));
    Files.createDirectories(target.resolve(".vistadr/tmp"));
    Files.writeString(target.resolve("p/3"), "one 3");
    Files.writeString(target.resolve(".vistadr/tmp/r-crash-5"), "half a fi");
    Files.writeString(target.resolve("vistadr-mapping.jsonl"), "{\"key\":\"p/3\",\"pa");
    var inode = Files.getAttribute(target.resolve("p/3"), "unix:ino");
    try (var next = fixture.restores()) {
      assertThat(next.resumeInterrupted()).isEqualTo(1);
      var ended = end(next, "r-crash");
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(ended.count(RestoreItem.State.DONE)).isEqualTo(20);
    }
    assertThat(Files.getAttribute(target.resolve("p/3"), "unix:ino")).isEqualTo(inode);
    assertThat(readBack()).hasSize(20).containsEntry("p/3", "one 3").containsEntry("p/7", "one 7");
    assertThat(mapping()).hasSize(20);
  }

  @Test
  void damagedBytesNeverGetAName() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    var then = fixture.moment();
    try (var damaged = fixture.restores(fixture.primary, new FlippingStore(fixture.b2))) {
      var plan = damaged.plan(to(then).withFrom(RestoreFixture.B2));
      var ended = end(damaged, damaged.apply(plan.id(), Optional.empty()).id());
      assertThat(ended.state()).isEqualTo(Restore.State.FAILED);
    }
    assertThat(target.resolve("a")).doesNotExist();
  }

  @Test
  void onlyAllowedDirectoriesAreWritten() throws Exception {
    fixture.put("a", "one");
    fixture.scan();
    var then = fixture.moment();
    var allowed = Files.createDirectories(directory.resolve("allowed"));
    Files.createSymbolicLink(allowed.resolve("out"), directory);
    try (var careful = fixture.restores(new AllowedDirectories(Optional.of(List.of(allowed))))) {
      assertThat(careful.plan(to(then, allowed.resolve("x/y"))).work().objects()).isEqualTo(1);
      for (var path : List.of(target, allowed.resolve("../z"), allowed.resolve("out/z"))) {
        var refusal =
            catchThrowableOfType(RestoreRefusedException.class, () -> careful.plan(to(then, path)));
        assertThat(refusal.code()).isEqualTo(Code.TARGET_REFUSED);
        assertThat(refusal.hint()).contains("restore.directories").contains("vistadr get");
        assertThat(refusal.tryNext())
            .containsExactly(
                "vistadr restore --all --at %s --to-dir %s".formatted(then, allowed + "/restored"));
      }
    }
  }

  @Test
  void diskThatIsTooSmallIsToldBeforeTheFirstByte() throws Exception {
    var small =
        new DirectoryTarget(fixture.catalog, target, new FileNames(true, true, true, 1024), true);
    var refusal =
        catchThrowableOfType(
            RestoreRefusedException.class,
            () -> small.requireRoom(new RestorePlan.Amount(1, Long.MAX_VALUE / 2)));
    assertThat(refusal.code()).isEqualTo(Code.NO_ROOM);
    assertThat(
            catchThrowableOfType(
                StorageException.NoRoom.class, () -> small.requireRoom(Long.MAX_VALUE / 2)))
        .hasMessageContaining("MiB left");

    var then = fixture.pretend("huge", new Entry.Content("etag", 1L << 60, "STANDARD"));
    var planned =
        catchThrowableOfType(RestoreRefusedException.class, () -> restores.plan(to(then, target)));
    assertThat(planned.code()).isEqualTo(Code.NO_ROOM);
    assertThat(planned.tryNext()).singleElement().asString().startsWith("df -h /");
  }

  private boolean isTaken(String key) {
    try {
      fixture.put(key, "content of " + key);
      return true;
    } catch (StorageException _) {
      return false;
    }
  }

  /// What directory and mapping together say that the bucket held.
  private Map<String, String> readBack() throws IOException {
    var found = new TreeMap<String, String>();
    var mapped = new TreeMap<String, String>();
    mapping().forEach((key, line) -> mapped.put(line.path("path").asText(), key));
    try (var files = Files.walk(target)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var path = target.relativize(file).toString();
        if (!path.equals("vistadr-mapping.jsonl")) {
          found.put(mapped.getOrDefault(path, path), Files.readString(file, UTF_8));
        }
      }
    }
    return found;
  }

  private Map<String, JsonNode> mapping() throws IOException {
    var lines = new TreeMap<String, JsonNode>();
    for (var text : Files.readAllLines(target.resolve("vistadr-mapping.jsonl"), UTF_8)) {
      if (text.endsWith("}")) {
        var line = JSON.readTree(text);
        lines.put(line.path("key").asText(), line);
      }
    }
    return lines;
  }

  private RestorePlan.Request to(Instant at) {
    return to(at, target);
  }

  private static RestorePlan.Request to(Instant at, Path path) {
    return RestoreFixture.request(RestoreScope.ALL, at, false)
        .withTarget(new RestoreTarget.Directory(path));
  }
}
