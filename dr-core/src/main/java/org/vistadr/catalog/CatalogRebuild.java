package org.vistadr.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.stream.Stream;

/// A catalog that is built anew beside its place and put there when it is whole: until [#complete]
/// nothing has changed, and a crash leaves nothing but a folder that the next one removes. Not
/// thread-safe.
public final class CatalogRebuild implements AutoCloseable {

  private static final String FOLDER = "adopting";
  private static final String REPLACED = "before-adoption.mv.db";

  private final CatalogDirectory directory;
  private final Path folder;
  private final long generationBefore;
  private final Catalog catalog;

  private CatalogRebuild(
      CatalogDirectory directory, Path folder, long generationBefore, Catalog catalog) {
    this.directory = directory;
    this.folder = folder;
    this.generationBefore = generationBefore;
    this.catalog = catalog;
  }

  /// Claims the place and opens an empty catalog beside it.
  ///
  /// @param path where the catalog is to be
  /// @throws CatalogInUseException when a daemon or a command has the place
  /// @throws CatalogException when there is a catalog that knows something
  public static CatalogRebuild begin(Path path, Clock clock) {
    if (Catalog.exists(path)) {
      try (Catalog there = Catalog.open(path, clock, CatalogHolder.Use.COMMAND)) {
        if (!there.isEmpty()) {
          throw new CatalogException(
              """
              there is a catalog in %s already, with content
              HINT: a daemon goes on with it; to adopt another one in its place, stop the daemon and move the directory \
              away first: mv %s %s.old\
              """
                  .formatted(path, path, path));
        }
      }
    }
    CatalogDirectory directory = CatalogDirectory.claim(path, CatalogHolder.Use.COMMAND);
    try {
      Path folder = directory.path().resolve(FOLDER);
      remove(folder);
      long before = Generation.read(directory.path()).orElse(0L);
      return new CatalogRebuild(
          directory, folder, before, Catalog.open(folder, clock, CatalogHolder.Use.COMMAND));
    } catch (IOException e) {
      directory.close();
      throw directory.failure("clear " + FOLDER, e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /// The catalog that is being built.
  public Catalog catalog() {
    return catalog;
  }

  /// A folder for files on the way; it is removed with everything in it.
  public Path folder() {
    return folder.resolve("files");
  }

  /// Puts the catalog in its place, with a generation above all that was known there.
  public void complete() {
    catalog.brake().acceptPast();
    catalog.segments().raiseGenerationAbove(generationBefore);
    catalog.close();
    Path built = folder.resolve(Store.NAME + ".mv.db");
    try {
      if (Files.exists(directory.database())) {
        Files.move(
            directory.database(),
            directory.path().resolve(REPLACED),
            StandardCopyOption.REPLACE_EXISTING);
      }
      // The database first: a database that is ahead of the file is as it should be.
      Files.move(built, directory.database(), StandardCopyOption.ATOMIC_MOVE);
      Files.move(
          folder.resolve(Generation.FILE),
          directory.path().resolve(Generation.FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      directory.sync();
    } catch (IOException e) {
      throw directory.failure("put the adopted catalog in its place", e);
    }
  }

  /// Removes what was left on the way.
  @Override
  public void close() {
    try {
      catalog.close();
      remove(folder);
    } catch (IOException e) {
      throw directory.failure("clear " + FOLDER, e);
    } finally {
      directory.close();
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
