package org.vistadr.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.vistadr.api.HeldChange;
import org.vistadr.api.Status;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.commands.DaemonProgram;
import org.vistadr.embedded.FaultyS3;
import org.vistadr.storage.SiteConfig;

/// The real command with `--direct`, as a process, on what a real daemon left behind: while it
/// runs, after it was killed, and before it runs again.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DirectIT {

  private static final String OVERWRITTEN = "projects/abc-123/image.jpg";
  private static final String DELETED = "projects/abc-123/scan.jpg";
  private static final int MANY = 150;

  private static DemoParts parts;
  private static DemoBucket primary;
  private static FaultyS3 faulty;
  private static List<SiteConfig> sites;
  private static DemoDaemon daemon;
  private static Instant good;
  private static String config;

  @BeforeAll
  static void loseObjectsUnderADaemon() throws Exception {
    parts = new DemoParts(DemoFolder.create());
    DemoSites servers =
        parts.add(
            DemoSites.start(
                Path.of("..", "dr-core", "target", "s3proxy", "s3proxy.jar"),
                parts.folder(),
                Clock.systemUTC()));
    primary = new DemoBucket(servers.primary());
    faulty = FaultyS3.before(servers.sites().getFirst());
    sites = new ArrayList<>(servers.sites());
    sites.set(0, faulty.through(sites.getFirst()));
    List<DemoContent.Item> items = new ArrayList<>();
    for (String prefix : List.of("killed", "stopped")) {
      for (int i = 0; i < MANY; i++) {
        byte[] bytes = "good %s %d".formatted(prefix, i).getBytes(UTF_8);
        items.add(new DemoContent.Item("%s/%d".formatted(prefix, i), "text/plain", () -> bytes));
      }
    }
    primary.fill(items, (_, _) -> {});
    primary.put(OVERWRITTEN, "image/jpeg", "good image".getBytes(UTF_8));
    primary.put(DELETED, "image/jpeg", "good scan".getBytes(UTF_8));
    daemon = startDaemon();
    awaitProtectedSince(primary.clockAfter(primary.clock()));
    good = primary.clock();
    primary.clockAfter(good);
    DemoScans scans = new DemoScans(api());
    scans.pause();
    primary.put(OVERWRITTEN, "image/jpeg", "wrong".getBytes(UTF_8));
    primary.delete(DELETED);
    for (DemoContent.Item item : items) {
      primary.delete(item.key());
    }
    scans.resume();
    releaseDeletions();
    awaitProtectedSince(primary.clockAfter(primary.clock()));
    config = slowly();
  }

  @AfterAll
  static void endEverything() {
    faulty.close();
    parts.close();
  }

  /// The daemon's configuration, for restores that can be stopped on their way.
  private static String slowly() throws Exception {
    String text = Files.readString(parts.folder().path().resolve("config.yml"));
    return parts.folder().file("direct.yml", text + "restore: {parallelism: 1}\n").toString();
  }

  private static DemoDaemon startDaemon() throws Exception {
    return parts
        .add(
            DemoDaemon.start(
                DaemonProgram.java(), DaemonProgram.classPath(), parts.folder(), sites))
        .awaitAnswer();
  }

  private static ApiClient api() {
    return new ApiClient(
        ServerSettings.daemon(URI.create(daemon.address()), daemon.token()),
        Duration.ofSeconds(60));
  }

  /// Nearly all objects were deleted, which the brake holds back.
  private static void releaseDeletions() {
    ApiClient api = api();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            api.held("copy-versioned", false, 1, Optional.empty()).items().stream()
                .anyMatch(HeldChange::judged));
    api.held("release", new HeldChange.Decision(Optional.empty(), Optional.empty(), "a rehearsal"));
  }

  private static void awaitProtectedSince(Instant moment) {
    ApiClient api = api();
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> {
          Status status = api.status();
          return status.isProtected()
              && status.secondaries().stream()
                  .allMatch(copy ->
                      copy.recoveryPoint().filter(point -> !point.isBefore(moment)).isPresent());
        });
  }

  private static Map<String, String> settings() {
    return Map.of("VISTADR_SERVER", daemon.address(), "VISTADR_TOKEN_FILE", daemon.token() + "");
  }

  private record Answer(int exit, String text) {}

  private static CommandProcess start(String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("--direct", "--config", config));
    line.addAll(Arrays.asList(words));
    return CommandProcess.start(Map.of(), line);
  }

  private static Answer direct(String... words) throws Exception {
    CommandProcess process = start(words);
    int exit = process.await(300);
    return new Answer(exit, process.text());
  }

  private static void expect(int exit, String part, String... words) throws Exception {
    Answer answer = direct(words);
    assertThat(answer.text()).as(String.join(" ", words)).contains(part);
    assertThat(answer.exit()).as(answer.text()).isEqualTo(exit);
  }

  private static String goodTextOf(String key) throws Exception {
    Path file = Files.createTempFile(parts.folder().path(), "read", ".bin");
    Files.delete(file);
    Answer got = direct("get", key, "--at", good.toString(), "-o", file.toString());
    assertThat(got.exit()).as(got.text()).isZero();
    return Files.readString(file);
  }

  /// Lets a restore put some objects back and try again and again with all others.
  private static void holdUp(String prefix) {
    Predicate<FaultyS3.Call> isPut =
        call -> call.method().equals("PUT") && call.path().contains("/" + prefix);
    faulty.add(isPut, 10, new FaultyS3.Fault.Delay(Duration.ZERO));
    faulty.add(isPut, Integer.MAX_VALUE, new FaultyS3.Fault.Status(503, "SlowDown"));
  }

  /// How a restore is begun that takes a while; returns its id once some objects are back.
  private static String begun(CommandProcess restore) {
    Matcher moving = Pattern.compile("(r-\\w+) started").matcher("");
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> {
          moving.reset(restore.text());
          return moving.find() && Pattern.compile(" [1-9]\\d*/").matcher(restore.text()).find()
              || !restore.isAlive();
        });
    assertThat(restore.isAlive()).as(restore.text()).isTrue();
    return moving.group(1);
  }

  private static long back(String prefix) throws Exception {
    return primary.sizes().keySet().stream().filter(key -> key.startsWith(prefix)).count();
  }

  @Test
  @Order(1)
  void whileTheDaemonRunsItIsNamedAndSoIsTheCommandForIt() throws Exception {
    Answer answer = direct("restore", OVERWRITTEN, "--at", good.toString(), "--yes");
    assertThat(answer.exit()).as(answer.text()).isEqualTo(6);
    assertThat(answer.text())
        .contains("is in use by another process: the daemon, process ")
        .contains(", at " + daemon.address())
        .contains(
            "try:   vistadr --server %s restore %s --at %s --yes"
                .formatted(daemon.address(), OVERWRITTEN, good));
    assertThat(new String(primary.read(OVERWRITTEN), UTF_8)).isEqualTo("wrong");
    daemon.close();
  }

  @Test
  @Order(2)
  void whatTheCatalogKnowsIsAnsweredWithoutADaemon() throws Exception {
    expect(5, "no daemon is running", "status");
    expect(0, OVERWRITTEN, "ls", "-r", "projects/", "--at", good.toString());
    expect(6, "start the daemon", "task", "run", "scan");
    expect(4, "vistadr --direct --config " + config + " ls", "history", "nope");
    assertThat(Files.readString(parts.folder().path().resolve("catalog/direct.log")))
        .contains("direct version=");
  }

  @Test
  @Order(3)
  void objectsComeBackFromThePrimarysOwnVersionsAndFromASecondary() throws Exception {
    expect(0, "completed", "restore", OVERWRITTEN, "--at", good.toString(), "--confirm", "vista");
    assertThat(new String(primary.read(OVERWRITTEN), UTF_8)).isEqualTo("good image");
    primary.put(OVERWRITTEN, "image/jpeg", "wrong again".getBytes(UTF_8));
    expect(
        0,
        "completed",
        "restore",
        OVERWRITTEN,
        "--at",
        good.toString(),
        "--from",
        "copy-plain",
        "--confirm",
        "vista");
    assertThat(new String(primary.read(OVERWRITTEN), UTF_8)).isEqualTo("good image");
    expect(0, "completed", "undelete", DELETED, "--confirm", "vista");
    assertThat(new String(primary.read(DELETED), UTF_8)).isEqualTo("good scan");
  }

  @Test
  @Order(4)
  void whileThePrimaryIsAwayTheCatalogAnswersAndASecondaryGivesTheBytes() throws Exception {
    faulty.add(_ -> true, Integer.MAX_VALUE, new FaultyS3.Fault.Status(503, "ServiceUnavailable"));
    try {
      expect(5, "It knows the primary as of ", "status");
      expect(0, DELETED, "ls", "-r", "projects/", "--at", good.toString());
      assertThat(goodTextOf(OVERWRITTEN)).isEqualTo("good image");
      expect(8, "primary", "restore", DELETED, "--at", good.toString(), "--confirm", "vista");
    } finally {
      faulty.heal();
    }
  }

  @Test
  @Order(5)
  void aSecondCommandIsToldToWaitForTheFirst() throws Exception {
    CommandProcess first = start("status", "--watch", "-q");
    await().atMost(Duration.ofMinutes(5)).until(() -> first.text().contains("PROTECTED"));
    expect(6, "a command with --direct, process ", "status");
    first.terminate();
    first.await(300);
    expect(5, "no daemon is running", "status");
  }

  @Test
  @Order(6)
  void aRestoreThatWasKilledWaitsAndGoesOnWhenItIsAskedTo() throws Exception {
    holdUp("killed/");
    CommandProcess restore =
        start(
            "restore",
            "killed/",
            "--at",
            good.toString(),
            "--confirm",
            "vista",
            "--progress-every",
            "1s");
    String id = begun(restore);
    restore.kill();
    restore.await(300);
    faulty.heal();
    long before = back("killed/");
    assertThat(before).isBetween(1L, MANY - 1L);

    String waits = "Restore %s was interrupted and waits".formatted(id);
    expect(5, waits, "status");
    expect(0, waits, "restore", "list");
    assertThat(back("killed/")).as("nothing goes on by itself").isEqualTo(before);

    Answer goesOn = direct("restore", "watch", id);
    assertThat(goesOn.text()).contains("completed").doesNotContain(waits);
    assertThat(goesOn.exit()).as(goesOn.text()).isZero();
    assertThat(back("killed/")).isEqualTo(MANY);
    assertThat(new String(primary.read("killed/7"), UTF_8)).isEqualTo("good killed 7");
  }

  @Test
  @Order(7)
  void whatCtrlCStoppedIsDoneByTheNextDaemon() throws Exception {
    holdUp("stopped/");
    CommandProcess restore =
        start(
            "restore",
            "stopped/",
            "--at",
            good.toString(),
            "--confirm",
            "vista",
            "--progress-every",
            "1s");
    String id = begun(restore);
    restore.interrupt();
    assertThat(restore.await(300)).as(restore.text()).isEqualTo(130);
    faulty.heal();
    assertThat(restore.text())
        .contains(
            "Restore %1$s can go on: 'vistadr --direct --config %2$s restore watch %1$s'"
                .formatted(id, config))
        .doesNotContain("error:");
    assertThat(back("stopped/")).isBetween(1L, MANY - 1L);

    daemon = startDaemon();
    CommandProcess watch = CommandProcess.start(settings(), List.of("restore", "watch", id));
    assertThat(watch.await(300)).as(watch.text()).isZero();
    assertThat(back("stopped/")).isEqualTo(MANY);
  }
}
