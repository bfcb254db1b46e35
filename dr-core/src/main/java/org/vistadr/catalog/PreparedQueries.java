package org.vistadr.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/// Connections for reading that keep their statements prepared. H2 parses a statement again each
/// time it is prepared, which costs more than running it. Safe for use by many threads; a thread
/// waits while all connections are taken.
final class PreparedQueries {

  private final DataSource pool;
  private final Semaphore permits;
  private final Deque<Lease> idle = new ArrayDeque<>();
  private boolean closed;

  PreparedQueries(DataSource pool, int connections) {
    this.pool = pool;
    permits = new Semaphore(connections);
  }

  /// Takes a connection; closing the lease gives it back.
  Lease take() throws SQLException {
    permits.acquireUninterruptibly();
    try {
      synchronized (idle) {
        Lease lease = idle.poll();
        if (lease != null) {
          return lease;
        }
      }
      return new Lease(pool.getConnection());
    } catch (SQLException | RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  /// Closes the idle connections, and those in use when they come back.
  void close() {
    List<Lease> leases;
    synchronized (idle) {
      closed = true;
      leases = List.copyOf(idle);
      idle.clear();
    }
    leases.forEach(Lease::disconnect);
  }

  /// A connection with its statements. Not thread-safe.
  final class Lease implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    private boolean broken;

    private Lease(Connection connection) {
      this.connection = connection;
    }

    <T> List<T> rows(String sql, Store.Row<T> row, Object... arguments) throws SQLException {
      broken = true;
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
      }
      for (int i = 0; i < arguments.length; i++) {
        switch (arguments[i]) {
          case Integer number -> statement.setInt(i + 1, number);
          case Long number -> statement.setLong(i + 1, number);
          case byte[] bytes -> statement.setBytes(i + 1, bytes);
          case long[] numbers ->
              statement.setArray(
                  i + 1,
                  connection.createArrayOf("BIGINT", Arrays.stream(numbers).boxed().toArray()));
          case Object other ->
              throw new IllegalArgumentException("no column takes a " + other.getClass());
        }
      }
      try (ResultSet result = statement.executeQuery()) {
        List<T> rows = new ArrayList<>();
        while (result.next()) {
          rows.add(row.read(result));
        }
        broken = false;
        return rows;
      }
    }

    @Override
    public void close() {
      boolean keep;
      synchronized (idle) {
        keep = !broken && !closed;
        if (keep) {
          idle.push(this);
        }
      }
      if (!keep) {
        disconnect();
      }
      permits.release();
    }

    private void disconnect() {
      try {
        connection.close();
      } catch (SQLException e) {
        // The database is closing or broken; whoever uses it next learns that.
      }
    }
  }
}
