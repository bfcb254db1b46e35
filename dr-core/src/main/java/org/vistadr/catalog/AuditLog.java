package org.vistadr.catalog;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.Sha256;

/// Every change of state by a person or a job. Append-only: nothing here changes or removes a row,
/// and each row is sealed with a hash over itself and the seal before, so that a row that was
/// changed or taken out from outside shows.
public final class AuditLog {

  private static final int PAGE = 1_000;

  private static final String SELECT =
      "SELECT id, at, who, action, subject, reason, detail, seal FROM audit_event ";

  private final Store store;

  AuditLog(Store store) {
    this.store = store;
  }

  /// Adds an event.
  public void add(AuditEvent event) {
    store.run(handle -> add(handle, event));
  }

  /// Adds an event in the transaction of what it tells of.
  static void add(Handle handle, AuditEvent event) {
    Optional<Sealed> last =
        handle.select(SELECT + "ORDER BY id DESC LIMIT 1").map((row, _) -> sealed(row)).findOne();
    long id = last.map(before -> before.event.id()).orElse(0L) + 1;
    AuditEvent numbered =
        new AuditEvent(
            id,
            event.at(),
            Codes.cut(event.who(), 200),
            Codes.cut(event.action(), 60),
            Codes.cut(event.subject(), 2000),
            Codes.cut(event.reason(), 2000),
            Codes.cut(event.detail(), 8000));
    handle.execute(
        "INSERT INTO audit_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id,
        Codes.nanos(numbered.at()),
        numbered.who(),
        numbered.action(),
        numbered.subject(),
        numbered.reason(),
        numbered.detail(),
        seal(numbered, last.map(Sealed::seal).orElse(new byte[0])));
  }

  /// Events, newest first.
  ///
  /// @param beforeId only older ones, for paging
  public List<AuditEvent> list(Filter filter, Optional<Long> beforeId, int atMost) {
    List<Object> arguments = new ArrayList<>();
    StringBuilder where = new StringBuilder("WHERE id < ?");
    arguments.add(beforeId.orElse(Long.MAX_VALUE));
    filter
        .since()
        .ifPresent(since -> {
          where.append(" AND at >= ?");
          arguments.add(Codes.nanos(since));
        });
    filter
        .who()
        .ifPresent(who -> {
          where.append(" AND LOCATE(?, who) > 0");
          arguments.add(who);
        });
    filter
        .action()
        .ifPresent(action -> {
          where.append(" AND action = ?");
          arguments.add(action);
        });
    arguments.add(atMost);
    return store.read(handle ->
        handle
            .select(SELECT + where + " ORDER BY id DESC LIMIT ?", arguments.toArray())
            .map((row, _) -> sealed(row).event)
            .list());
  }

  /// Looks whether every row is as it was written and none is missing between.
  ///
  /// @return the id of the first row that is not; empty when all are
  public Optional<Long> firstBrokenSeal() {
    byte[] before = new byte[0];
    long after = 0;
    while (true) {
      long from = after;
      List<Sealed> page =
          store.read(handle ->
              handle
                  .select(SELECT + "WHERE id > ? ORDER BY id LIMIT ?", from, PAGE)
                  .map((row, _) -> sealed(row))
                  .list());
      if (page.isEmpty()) {
        return Optional.empty();
      }
      for (Sealed row : page) {
        if (row.event.id() != after + 1
            || !java.util.Arrays.equals(row.seal, seal(row.event, before))) {
          return Optional.of(row.event.id());
        }
        after = row.event.id();
        before = row.seal;
      }
    }
  }

  private static byte[] seal(AuditEvent event, byte[] before) {
    StringBuilder text = new StringBuilder();
    for (String part :
        List.of(
            String.valueOf(event.id()),
            String.valueOf(Codes.nanos(event.at())),
            event.who(),
            event.action(),
            event.subject(),
            event.reason(),
            event.detail())) {
      text.append(part.length()).append(':').append(part);
    }
    byte[] own = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] all = java.util.Arrays.copyOf(before, before.length + own.length);
    System.arraycopy(own, 0, all, before.length, own.length);
    return Sha256.digest(all, 0, all.length).bytes();
  }

  private static Sealed sealed(ResultSet row) throws SQLException {
    return new Sealed(
        new AuditEvent(
            row.getLong(1),
            Codes.instant(row.getLong(2)),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            row.getString(7)),
        row.getBytes(8));
  }

  /// Which events.
  ///
  /// @param since not older than this
  /// @param who whose name has this text in it
  /// @param action exactly this one
  public record Filter(Optional<Instant> since, Optional<String> who, Optional<String> action) {
    /// All.
    public static final Filter ALL =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private record Sealed(AuditEvent event, byte[] seal) {}
}
