package org.vistadr.catalog;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.SiteName;

/// Items of restores that wait for an archive. Safe for use by many threads.
///
/// An item that waits is in the state [RestoreItem.State#THAWING]; once it can be read it is
/// pending like any other.
public final class ThawLog {

  private final Store store;

  ThawLog(Store store) {
    this.store = store;
  }

  /// Items that are to be looked at now, those that waited longest first.
  public List<Waiting> due(String planId, Instant now, int atMost) {
    return store.read(handle ->
        handle
            .select(
                "SELECT "
                    + RestoreRows.ITEM_COLUMNS
                    + """
                    , thaw_site, thaw_asks, thaw_looks FROM restore_item JOIN
                      (SELECT seq AS thaw_seq, site AS thaw_site, asks AS thaw_asks,
                         looks AS thaw_looks, look_at FROM thaw
                       WHERE plan_id = ? AND look_at <= ? ORDER BY look_at LIMIT ?)
                      ON thaw_seq = seq
                    WHERE plan_id = ? ORDER BY look_at\
                    """,
                planId,
                Codes.nanos(now),
                atMost,
                planId)
            .map((row, _) -> waiting(row))
            .list());
  }

  /// Lets pending items wait, whose bytes proved to lie in an archive.
  ///
  /// @param lookAt when they are looked at
  public void freeze(String planId, List<RestoreItem> items, Instant lookAt) {
    store.run(handle -> {
      for (var item : items) {
        move(handle, planId, item, RestoreCodes.PENDING, item.state(), item.detail());
        int known =
            handle.execute(
                "UPDATE thaw SET asks = asks + 1, look_at = ? WHERE plan_id = ? AND seq = ?",
                Codes.nanos(lookAt),
                planId,
                item.seq());
        if (known == 0) {
          insert(handle, planId, item.seq());
        }
      }
    });
  }

  /// Records what looking taught, in one transaction.
  public void record(String planId, List<Step> steps) {
    store.run(handle -> {
      for (var step : steps) {
        record(handle, planId, step);
      }
    });
  }

  /// Forgets what a restore that is over waited for.
  public void forget(String planId) {
    store.run(handle -> discard(handle, planId));
  }

  static void insert(Handle handle, String planId, long seq) {
    handle.execute(
        "INSERT INTO thaw (plan_id, seq, site, asks, looks, look_at) VALUES (?, ?, '', 0, 0, 0)",
        planId,
        seq);
  }

  static void discard(Handle handle, String planId) {
    handle.execute("DELETE FROM thaw WHERE plan_id = ?", planId);
  }

  private static void record(Handle handle, String planId, Step step) {
    var item = step.item();
    switch (step) {
      case Step.Wait(var _, var site, var asks, var looks, var lookAt) -> {
        update(handle, planId, item.seq(), site, asks, looks, lookAt);
        move(
            handle,
            planId,
            item,
            RestoreCodes.PENDING,
            RestoreItem.State.THAWING,
            "is being thawed at " + site);
      }
      case Step.Thawed(var _, var site, var asks, var lookAt) -> {
        update(handle, planId, item.seq(), site, asks, 0, lookAt);
        move(
            handle,
            planId,
            item,
            RestoreCodes.code(RestoreItem.State.THAWING),
            RestoreItem.State.PENDING,
            "");
      }
      case Step.Ended(var _, var reason) -> {
        handle.execute("DELETE FROM thaw WHERE plan_id = ? AND seq = ?", planId, item.seq());
        if (reason.isPresent()) {
          move(
              handle,
              planId,
              item,
              RestoreCodes.code(RestoreItem.State.THAWING),
              RestoreItem.State.FAILED,
              reason.get());
        }
      }
    }
  }

  private static void update(
      Handle handle, String planId, long seq, SiteName site, int asks, int looks, Instant lookAt) {
    handle.execute(
        "UPDATE thaw SET site = ?, asks = ?, looks = ?, look_at = ? WHERE plan_id = ? AND seq = ?",
        site.value(),
        asks,
        looks,
        Codes.nanos(lookAt),
        planId,
        seq);
  }

  /// Moves an item that is in a state to another, and the sums with it.
  private static void move(
      Handle handle,
      String planId,
      RestoreItem item,
      int from,
      RestoreItem.State to,
      String detail) {
    int moved =
        handle.execute(
            "UPDATE restore_item SET state = ?, detail = ? WHERE plan_id = ? AND seq = ? AND state = ?",
            RestoreCodes.code(to),
            RestoreRows.text(detail),
            planId,
            item.seq(),
            from);
    if (moved > 0) {
      add(handle, planId, from, -1, -item.size());
      add(handle, planId, RestoreCodes.code(to), 1, item.size());
    }
  }

  private static void add(Handle handle, String planId, int state, long objects, long bytes) {
    handle.execute(
        "UPDATE restore_sum SET objects = objects + ?, bytes = bytes + ? WHERE plan_id = ? AND state = ?",
        objects,
        bytes,
        planId,
        state);
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    return new Waiting(
        RestoreRows.item(row),
        Optional.of(row.getString("thaw_site")).filter(name -> !name.isEmpty()).map(SiteName::new),
        row.getInt("thaw_asks"),
        row.getInt("thaw_looks"));
  }

  /// An item whose bytes lie in an archive.
  ///
  /// @param item the item
  /// @param site where it is thawed; empty before the first look
  /// @param asks requests, and failed tries to read it
  /// @param looks looks since the last request
  public record Waiting(RestoreItem item, Optional<SiteName> site, int asks, int looks) {}

  /// What looking at an item taught.
  public sealed interface Step {
    /// The item.
    RestoreItem item();

    /// It is not readable, and is looked at again.
    record Wait(RestoreItem item, SiteName site, int asks, int looks, Instant lookAt)
        implements Step {}

    /// It can be read now.
    ///
    /// @param lookAt when to ask again, if it is not written by then
    record Thawed(RestoreItem item, SiteName site, int asks, Instant lookAt) implements Step {}

    /// It waits no more.
    ///
    /// @param failure why it cannot be thawed; empty when it was written or needs no thaw
    record Ended(RestoreItem item, Optional<String> failure) implements Step {}
  }
}
