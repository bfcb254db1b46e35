package org.vistadr.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/// Brings the tables to the state that this program knows, and keeps copies from before.
///
/// Migrations are the files `db/catalog/V<n>__<what>.sql`. A file that was ever released is never
/// changed.
final class Schema {

  private static final int COPIES = 3;
  private static final Pattern COPY = Pattern.compile("before-v([0-9]+)-([0-9TZ]+)\\.zip");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final CatalogDirectory directory;
  private final Store store;
  private final Flyway flyway;

  Schema(CatalogDirectory directory, Store store, String... locations) {
    this.directory = directory;
    this.store = store;
    flyway =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(store.dataSource())
            .locations(locations)
            .table("schema_history")
            // An older program is told by our own message, which names the copy to go back with.
            .ignoreMigrationPatterns("*:future")
            .load();
  }

  /// Refuses tables of a newer program, and a catalog that went back in time; then copies and
  /// migrates when something is to be done.
  void bringUpToDate(InstantSource clock) {
    var info = flyway.info();
    MigrationInfo[] applied = info.applied();
    refuseNewer(applied, info.all());
    Generation.check(directory, applied.length == 0 ? 0 : store.read(Generation::inCatalog));
    MigrationInfo[] pending = info.pending();
    if (pending.length == 0) {
      return;
    }
    if (applied.length > 0) {
      copy(newest(pending).orElseThrow(), clock);
    }
    flyway.migrate();
  }

  private void refuseNewer(MigrationInfo[] applied, MigrationInfo[] all) {
    MigrationVersion known =
        newest(
                Arrays.stream(all)
                    .filter(migration -> migration.getState().isResolved())
                    .toArray(MigrationInfo[]::new))
            .orElseThrow();
    MigrationVersion found = newest(applied).orElse(known);
    if (found.compareTo(known) <= 0) {
      return;
    }
    String wayBack =
        copies().stream()
            .filter(copy -> copy.version.compareTo(known) > 0)
            .min(
                Comparator.comparing(Copy::version)
                    .thenComparing(Copy::time, Comparator.reverseOrder()))
            .map(copy ->
                "unpack %s there in place of %s.mv.db and create the empty file %s"
                    .formatted(copy.file.getFileName(), Store.NAME, Generation.ACCEPT_OLDER))
            .orElse("there is no copy from before in the directory");
    throw new CatalogException(
        """
        the catalog in %s was written by a newer version: its tables are of version %s, this program knows %s
        HINT: start the newer program again; or to go back, %s\
        """
            .formatted(directory.path(), found, known, wayBack));
  }

  /// Copies the running database into a zip with one file.
  private void copy(MigrationVersion target, InstantSource clock) {
    Path file =
        directory
            .path()
            .resolve("before-v%s-%s.zip".formatted(target, TIME.format(clock.instant())));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.deleteIfExists(written);
      store.statement("BACKUP TO '%s'".formatted(written.toString().replace("'", "''")));
      CatalogDirectory.restrict(written);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      directory.sync();
      for (Copy old : copies().stream().sorted(NEWEST_FIRST).skip(COPIES).toList()) {
        Files.delete(old.file);
      }
    } catch (IOException e) {
      throw directory.failure("copy the catalog before changing its tables", e);
    }
  }

  private List<Copy> copies() {
    try (Stream<Path> files = Files.list(directory.path())) {
      return files.map(Copy::of).flatMap(Optional::stream).toList();
    } catch (IOException e) {
      throw directory.failure("look for copies", e);
    }
  }

  private static Optional<MigrationVersion> newest(MigrationInfo[] migrations) {
    return Arrays.stream(migrations).map(MigrationInfo::getVersion).max(Comparator.naturalOrder());
  }

  private static final Comparator<Copy> NEWEST_FIRST =
      Comparator.comparing(Copy::time).thenComparing(Copy::version).reversed();

  private record Copy(Path file, MigrationVersion version, String time) {
    static Optional<Copy> of(Path file) {
      Matcher name = COPY.matcher(file.getFileName().toString());
      return name.matches()
          ? Optional.of(new Copy(file, MigrationVersion.fromVersion(name.group(1)), name.group(2)))
          : Optional.empty();
    }
  }
}
