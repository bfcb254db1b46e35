package org.vistadr.catalog;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.vistadr.model.SiteName;

/// Our append-only record of every version seen and of where its bytes are: an embedded H2 file.
///
/// What a method of the catalog or of one of its parts has returned from is on disk and survives
/// `kill -9` (`WRITE_DELAY=0`). Times are UTC. Keys are bytes, compared as bytes. Safe for use by
/// many threads; writes are short transactions. Programming errors and broken files are unchecked
/// [CatalogException]s.
public final class Catalog implements AutoCloseable {

  /// Opens the catalog in a directory and creates or migrates it. Before a migration the file is
  /// copied beside itself.
  ///
  /// @param directory created when missing; holds `catalog.mv.db`, copies made before migrations
  ///   and the generation file by which a catalog that went back in time is noticed
  /// @throws CatalogException when another process has it open, when it was written by a newer
  ///   version (the message names the file to go back with), or when the generation file knows a
  ///   later state
  public static Catalog open(Path directory, Clock clock) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Makes the secondaries known by name. A new one gets every version ever recorded into its queue
  /// (see [ReplicationQueue#backfill]); one that is no longer named keeps its records and is left
  /// alone.
  public void declareSecondaries(List<SiteName> secondaries) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Histories of keys.
  public VersionLog versions() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Scans of the primary.
  public ScanLog scans() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// What is waiting for each secondary.
  public ReplicationQueue queue() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// What is durable at each secondary.
  public ReplicaLog replicas() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Runs of tasks, and which tasks are paused.
  public RunLog runs() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Bytes of the catalog file.
  public long fileSize() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Whether the store answers; false instead of an exception.
  public boolean answers() {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("not written yet");
  }
}
