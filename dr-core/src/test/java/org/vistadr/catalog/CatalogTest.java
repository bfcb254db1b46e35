package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.CLOCK;
import static org.vistadr.catalog.CatalogFixture.START;
import static org.vistadr.catalog.CatalogFixture.append;
import static org.vistadr.catalog.CatalogFixture.content;
import static org.vistadr.catalog.CatalogFixture.durable;
import static org.vistadr.catalog.CatalogFixture.key;
import static org.vistadr.catalog.CatalogFixture.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.Regime;
import org.vistadr.model.Sha256;

final class CatalogTest {

  private static final String OURS = "classpath:db/catalog";

  @TempDir Path temp;

  @Test
  void whatWasWrittenIsThereAfterReopening() {
    try (Catalog catalog = CatalogFixture.open(temp, B2)) {
      record(catalog, 1, append("a", content(0, 5)));
      assertThat(catalog.answers()).isTrue();
      assertThat(catalog.fileSize()).isPositive();
    }
    try (Catalog catalog = CatalogFixture.open(temp, B2)) {
      assertThat(catalog.versions().history(key("a")).newestFirst()).hasSize(1);
      assertThat(catalog.queue().backlog(B2).pendingObjects()).isEqualTo(1);
    }
  }

  @Test
  void anEarlierReleasesQueueAndWhatItReadOfBytesStayKnown() throws Exception {
    Path earlier = Files.createDirectory(temp.resolve("earlier"));
    Path ours = Path.of(Catalog.class.getResource("/db/catalog/V1__catalog.sql").toURI());
    try (Stream<Path> migrations = Files.list(ours.getParent())) {
      for (Path migration : migrations.toList()) {
        String name = migration.getFileName().toString();
        if (Integer.parseInt(name.substring(1, name.indexOf('_'))) < 28) {
          Files.copy(migration, earlier.resolve(name));
        }
      }
    }
    Path directory = temp.resolve("catalog");
    byte[] hash = Sha256.digest(new byte[1], 0, 1).bytes();
    try (Catalog catalog =
        Catalog.open(directory, CLOCK, CatalogHolder.Use.DAEMON, "filesystem:" + earlier)) {
      catalog.declareSecondaries(List.of(B2));
      catalog
          .store()
          .run(handle -> {
            int secondary = Secondaries.declaredIds(handle).getFirst();
            for (long id = 1; id <= 2; id++) {
              handle.execute(
                  """
                  INSERT INTO version (id, object_key, key_rank, origin, kind, version_id, last_modified,
                    etag, size, storage_class, seen_scan, sha256, look)
                  VALUES (?, ?, ?, 0, 0, 'v', 0, 'e', 5, 'STANDARD', 1, ?, ?)\
                  """,
                  id,
                  key("k" + id).utf8(),
                  VersionLog.FIRST_RANK,
                  id == 1 ? hash : null,
                  id == 1 ? 3 : null);
              handle.execute(
                  """
                  INSERT INTO queue (place, secondary_id, version_id, object_key, key_rank, size,
                    changed_at, seen_scan, state, missed_in_scan, attempts, not_before, last_error)
                  VALUES (?, ?, ?, ?, ?, 5, 0, 1, 0, 0, 0, 0, '')\
                  """,
                  Codes.place(secondary, id),
                  secondary,
                  id,
                  key("k" + id).utf8(),
                  VersionLog.FIRST_RANK);
            }
            handle.execute(
                "INSERT INTO version_attributes VALUES (1, ?)", "{\"contentType\":\"image/png\"}");
            handle.execute("INSERT INTO queue_sum VALUES (?, 0, 1, 0, 2, 10)", secondary);
          });
    }
    try (Catalog catalog = CatalogFixture.open(directory, B2)) {
      record(catalog, 2, append("later", content(0, 7)));
      assertThat(catalog.queue().due(B2, 0, START, 10))
          .extracting(row -> row.version().id(), row -> row.version().sha256().isPresent())
          .containsExactly(tuple(1L, true), tuple(2L, false), tuple(3L, false));
      assertThat(catalog.versions().attributes(1).orElseThrow().contentType())
          .contains("image/png");
      assertThat(catalog.versions().attributes(2)).isEmpty();
      catalog.queue().settle(B2, List.of(durable(1), durable(3)));
      assertThat(catalog.queue().due(B2, 0, START, 10))
          .extracting(row -> row.version().id())
          .containsExactly(2L);
      assertThat(catalog.queue().backlog(B2).pendingBytes()).isEqualTo(5);
    }
  }

  @Test
  void aClosedCatalogDoesNotAnswer() {
    Catalog catalog = CatalogFixture.open(temp, B2);
    catalog.close();
    catalog.close();
    assertThat(catalog.answers()).isFalse();
  }

  @Test
  void onlyItsOwnerMayReadIt() throws IOException {
    Path directory = temp.resolve("new/catalog");
    try (Catalog catalog = CatalogFixture.open(directory, B2)) {
      assertThat(catalog.answers()).isTrue();
      assertThat(permissions(directory)).isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files).isNotEmpty().allMatch(file -> permissions(file).equals("rw-------"));
      }
    }
  }

  @Test
  void aSecondOneIsToldThatItIsInUse() throws Exception {
    try (Catalog catalog = CatalogFixture.open(temp, B2)) {
      assertThatThrownBy(() -> CatalogFixture.open(temp, B2))
          .isInstanceOf(CatalogException.class)
          .hasMessageContaining("in use by this process");
      assertThat(catalog.answers()).isTrue();
      catalog.listensAt("http://127.0.0.1:8420");
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  CatalogChild.class.getName(),
                  temp.toString(),
                  "open")
              .redirectErrorStream(true)
              .start();
      String output =
          new String(
              other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(output)
          .contains(
              "in use by another process: the daemon, process %d, at http://127.0.0.1:8420"
                  .formatted(ProcessHandle.current().pid()))
          .contains("HINT");
      assertThat(other.waitFor()).isNotZero();
    }
  }

  @Test
  void aCatalogThatWentBackInTimeIsRefusedUntilAPersonAcceptsIt() throws IOException {
    Path database = temp.resolve("catalog.mv.db");
    CatalogFixture.open(temp, B2).close();
    Path yesterday = Files.copy(database, temp.resolve("yesterday"));
    try (Catalog catalog = CatalogFixture.open(temp, B2)) {
      long scan = catalog.scans().begin(START, Regime.VERSIONED).number();
      catalog.scans().complete(scan, START, 0, 0);
    }
    Files.copy(yesterday, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> CatalogFixture.open(temp, B2))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("went back in time")
        .hasMessageContaining("generation is 1, but 3")
        .hasMessageContaining("HINT: put the newest catalog.mv.db back");
    Files.delete(database);
    assertThatThrownBy(() -> CatalogFixture.open(temp, B2))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("went back in time");
    assertThat(database).doesNotExist();
    Files.copy(yesterday, database);
    Files.createFile(temp.resolve("accept-older"));
    CatalogFixture.open(temp, B2).close();
    assertThat(temp.resolve("accept-older")).doesNotExist();
    assertThat(temp.resolve("generation")).hasContent("4");
  }

  @Test
  void aMissingGenerationIsWrittenAndABrokenOneIsNamed() throws IOException {
    CatalogFixture.open(temp, B2).close();
    Files.delete(temp.resolve("generation"));
    CatalogFixture.open(temp, B2).close();
    assertThat(temp.resolve("generation")).hasContent("2");
    Files.writeString(temp.resolve("generation"), "?");
    assertThatThrownBy(() -> CatalogFixture.open(temp, B2))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("holds no generation");
  }

  @Test
  void aMigrationLeavesACopyThatTheOlderProgramNamesAndOpens() throws IOException {
    Path directory = temp.resolve("catalog");
    Path migrations = Files.createDirectory(temp.resolve("migrations"));
    try (Catalog catalog = CatalogFixture.open(directory, B2)) {
      record(catalog, 1, append("a", content(0, 5)));
    }
    for (int version = 9001; version <= 9005; version++) {
      Files.writeString(
          migrations.resolve("V%d__later.sql".formatted(version)),
          "CREATE TABLE later_%d (id BIGINT PRIMARY KEY);".formatted(version));
      Clock clock = Clock.offset(CLOCK, Duration.ofDays(version - 9000));
      Catalog.open(directory, clock, CatalogHolder.Use.DAEMON, OURS, "filesystem:" + migrations)
          .close();
    }
    assertThat(copies(directory))
        .containsExactly(
            "before-v9003-20260304T120000Z.zip",
            "before-v9004-20260305T120000Z.zip",
            "before-v9005-20260306T120000Z.zip");

    AtomicReference<Throwable> refused = new AtomicReference<>();
    assertThatThrownBy(() -> CatalogFixture.open(directory, B2))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("written by a newer version")
        .hasMessageContaining("unpack before-v9003-20260304T120000Z.zip")
        .satisfies(refused::set);

    // The way back, as the message says; the oldest copy is of one version above ours here, so this
    // opens with that migration.
    Files.delete(migrations.resolve("V9005__later.sql"));
    assertThatThrownBy(() ->
            Catalog.open(
                    directory, CLOCK, CatalogHolder.Use.DAEMON, OURS, "filesystem:" + migrations)
                .close())
        .hasMessageContaining("unpack before-v9005-20260306T120000Z.zip");
    Files.delete(directory.resolve("catalog.mv.db"));
    try (ZipFile zip =
        new ZipFile(directory.resolve("before-v9005-20260306T120000Z.zip").toFile())) {
      Files.copy(
          zip.getInputStream(zip.getEntry("catalog.mv.db")), directory.resolve("catalog.mv.db"));
    }
    Files.createFile(directory.resolve("accept-older"));
    try (Catalog catalog =
        Catalog.open(
            directory, CLOCK, CatalogHolder.Use.DAEMON, OURS, "filesystem:" + migrations)) {
      assertThat(catalog.versions().history(key("a")).newestFirst()).hasSize(1);
    }
  }

  @Test
  void anInterruptedThreadDoesNotBreakTheCatalog() throws InterruptedException {
    try (Catalog catalog = CatalogFixture.open(temp, B2)) {
      for (int round = 0; round < 20; round++) {
        String name = "key" + round;
        Thread thread =
            Thread.ofVirtual()
                .start(() -> {
                  Thread.currentThread().interrupt();
                  record(catalog, 1, append(name, content(0, 5)));
                });
        thread.join();
      }
      assertThat(catalog.queue().backlog(B2).pendingObjects()).isEqualTo(20);
    }
  }

  private static List<String> copies(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("before-"))
          .sorted()
          .toList();
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
