package org.vistadr.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final int TIDY_AFTER_WRITES = 100;

  /// Parts of the file with less live content than this, in percent, are written anew.
  private static final int TIDY_BELOW = 70;

  /// Live content moved at most in one go, in bytes.
  private static final int TIDY_AT_MOST = 8 << 20;

  private static final Logger log = LoggerFactory.getLogger(Store.class);

  private final JdbcConnectionPool pool;
  private final Jdbi jdbi;
  private final PreparedQueries queries;
  private final Path directory;
  private final ReentrantLock writing = new ReentrantLock();
  private int writesSinceTidying;
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
  /// - `WRITE_DELAY=0` writes each commit before it returns; any other value loses acknowledged
  ///   ones. It also stops the thread that tidies the file, see [#tidy].
  /// - `OPTIMIZE_REUSE_RESULTS=0`: a repeated query must not answer from before a change of its own
  ///   transaction (h2database 4299).
  /// - `TRACE_LEVEL_FILE=0`: errors reach our log as exceptions; no second log file beside the
  ///   data.
  private static String url(Path directory) {
    return "jdbc:h2:file:retry:"
        + directory.toAbsolutePath().resolve(NAME)
        + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=16384;QUERY_CACHE_SIZE=128"
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
      T result;
      try (Handle handle = jdbi.open()) {
        result = handle.inTransaction(work::with);
      } catch (SQLException | RuntimeException e) {
        throw failure("write", e);
      }
      writesSinceTidying++;
      if (writesSinceTidying >= TIDY_AFTER_WRITES) {
        writesSinceTidying = 0;
        tidy();
      }
      return result;
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

  /// Reads one state of the catalog, however long that takes; others write meanwhile.
  ///
  /// @param before a transaction of its own; nothing is written between it and the state that is
  ///   read
  <T> T snapshot(Effect before, Work<T> work) {
    try (Handle handle = jdbi.open()) {
      Connection connection = handle.getConnection();
      int isolation = connection.getTransactionIsolation();
      writing.lock();
      try {
        run(before);
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        // The first statement fixes the state.
        handle.select("SELECT one FROM catalog_state").map((row, _) -> row.getInt(1)).one();
      } finally {
        writing.unlock();
      }
      try {
        return work.with(handle);
      } finally {
        connection.rollback();
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(true);
      }
    } catch (SQLException | RuntimeException e) {
      throw failure("read", e);
    }
  }

  /// Moves what is left of mostly dead parts of the file, so that they can be used again. Each
  /// commit writes the pages that it changed as a new part; H2 without delayed writes never joins
  /// them, and a trickle of small commits would make the file grow by about 15 KB each, for ever.
  /// No SQL statement asks for this while the database is open.
  private void tidy() {
    try (Connection connection = pool.getConnection()) {
      if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
        session.getDatabase().getStore().getMvStore().compact(TIDY_BELOW, TIDY_AT_MOST);
      }
    } catch (SQLException | RuntimeException e) {
      // What was to be written is written; if the file is broken, the next use says so.
      log.warn("cannot tidy the catalog in {}: {}", directory, e.getMessage());
    }
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
      return new CatalogInUseException(directory, "another program", Optional.empty());
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
