package org.vistadr.catalog;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The open database: connections, transactions, and errors made [CatalogException]s.
///
/// Writes take turns under one lock. H2 would serialise most of them anyway; so there are no
/// deadlocks and no lock time-outs, ids become visible in their order, and sums can be kept in rows
/// that every write touches. Reads run beside them and see what was committed. Safe for use by many
/// threads, also by threads that are interrupted.
final class Store implements AutoCloseable {

  /// H2's file name without its ending.
  static final String NAME = "catalog";

  /// Connections at most; a read waits for a free one.
  private static final int CONNECTIONS = 16;

  private final JdbcConnectionPool pool;
  private final Jdbi jdbi;
  private final PreparedQueries queries;
  private final Path directory;
  private final ReentrantLock writing = new ReentrantLock();
  private boolean closed;

  Store(Path directory) {
    this.directory = directory;
    pool = JdbcConnectionPool.create(url(directory), "sa", "");
    pool.setMaxConnections(CONNECTIONS);
    jdbi = Jdbi.create(pool);
    queries = new PreparedQueries(pool, CONNECTIONS / 2);
  }

  /// - `retry:` reopens the file after an interrupted thread closed the channel under H2; without
  ///   it one interrupt ends the whole database.
  /// - `WRITE_DELAY` below 5 writes each commit before it returns; the default of 500 ms loses
  ///   acknowledged ones. At 0 H2 also stops tidying its file, which then grows by the pages of
  ///   every commit for ever; 4 keeps the thread that tidies.
  /// - `OPTIMIZE_REUSE_RESULTS=0`: a repeated query must not answer from before a change of its own
  ///   transaction (h2database 4299).
  /// - `TRACE_LEVEL_FILE=0`: errors reach our log as exceptions; no second log file beside the
  ///   data.
  private static String url(Path directory) {
    return "jdbc:h2:file:retry:"
        + directory.toAbsolutePath().resolve(NAME)
        + ";WRITE_DELAY=4;DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=32768;QUERY_CACHE_SIZE=128"
        + ";OPTIMIZE_REUSE_RESULTS=0;TRACE_LEVEL_FILE=0";
  }

  /// For migrations.
  javax.sql.DataSource dataSource() {
    return pool;
  }

  /// Reads from the committed state.
  <T> T read(Work<T> work) {
    try (Handle handle = jdbi.open()) {
      return work.with(handle);
    } catch (SQLException | RuntimeException e) {
      throw failure("read", e);
    }
  }

  /// Rows of a query, by position. For the queries that run for every object: their statements stay
  /// prepared, which saves more than half of their cost.
  <T> List<T> rows(String sql, Row<T> row, Object... arguments) {
    try (PreparedQueries.Lease lease = queries.take()) {
      return lease.rows(sql, row, arguments);
    } catch (SQLException | RuntimeException e) {
      throw failure("read", e);
    }
  }

  /// Runs a transaction, alone. When this returns it is written.
  <T> T write(Work<T> work) {
    writing.lock();
    try {
      try (Handle handle = jdbi.open()) {
        return handle.inTransaction(work::with);
      } catch (SQLException | RuntimeException e) {
        throw failure("write", e);
      }
    } finally {
      writing.unlock();
    }
  }

  /// A transaction without a result.
  void run(Effect work) {
    write(handle -> {
      work.with(handle);
      return Boolean.TRUE;
    });
  }

  /// Waits until everything written so far is on the disk itself, not only with the operating
  /// system.
  void sync() {
    statement("CHECKPOINT SYNC");
  }

  /// Runs one statement outside of a transaction.
  void statement(String sql) {
    try (Handle handle = jdbi.open();
        var statement = handle.getConnection().createStatement()) {
      statement.execute(sql);
    } catch (SQLException | RuntimeException e) {
      throw failure("write", e);
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      queries.close();
      statement("SHUTDOWN");
    } finally {
      pool.dispose();
      writing.unlock();
    }
  }

  /// Closes after a failure, which remains the one to report.
  void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private RuntimeException failure(String what, Exception cause) {
    if (cause instanceof CatalogException known) {
      return known;
    }
    SQLException sql = null;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SQLException found) {
        sql = found;
      }
    }
    if (sql == null) {
      return cause instanceof RuntimeException unchecked
          ? unchecked
          : new CatalogException("cannot %s the catalog in %s".formatted(what, directory), cause);
    }
    if (sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return CatalogDirectory.inUse(directory, "another program");
    }
    return new CatalogException(
        "cannot %s the catalog in %s: %s\nHINT: look at free space and permissions there, then start again; nothing that was acknowledged is lost"
            .formatted(what, directory, sql.getMessage()),
        cause);
  }

  /// Work with a result.
  interface Work<T> {
    T with(Handle handle) throws SQLException;
  }

  /// Reads one row.
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Work without one.
  interface Effect {
    void with(Handle handle) throws SQLException;
  }
}
