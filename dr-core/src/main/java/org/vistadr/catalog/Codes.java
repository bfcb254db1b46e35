package org.vistadr.catalog;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.BucketProof;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.Suspicion;

/// How values of the model stand in columns. Codes are written out, never taken from ordinals, so
/// that an enum may be reordered without changing what a stored number means.
final class Codes {

  static final int CONTENT = 0;
  static final int DELETE_MARKER = 1;

  static final int PENDING = 0;
  static final int HELD = 1;
  static final int GIVEN_UP = 2;
  static final int MISSED = 3;
  static final int WAIVED = 4;
  static final int PRUNED = 5;

  /// All states of the queue.
  static final List<Integer> QUEUE_STATES =
      List.of(PENDING, HELD, GIVEN_UP, MISSED, WAIVED, PRUNED);

  /// Secondaries that have room in a place.
  static final int PLACES = 256;

  private static final long NANOS = 1_000_000_000L;
  private static final Instant MIN = instant(Long.MIN_VALUE);
  private static final Instant MAX = instant(Long.MAX_VALUE);

  private Codes() {}

  /// The number of a version at a secondary.
  static long place(int secondary, long versionId) {
    return versionId * PLACES + secondary;
  }

  /// Nanoseconds since 1970 UTC, exact from 1677 to 2262; what lies outside becomes the nearest
  /// bound.
  static long nanos(Instant time) {
    if (time.isBefore(MIN)) {
      return Long.MIN_VALUE;
    }
    if (time.isAfter(MAX)) {
      return Long.MAX_VALUE;
    }
    // Written so that no step overflows at the bounds.
    return time.getEpochSecond() < 0
        ? (time.getEpochSecond() + 1) * NANOS + (time.getNano() - NANOS)
        : time.getEpochSecond() * NANOS + time.getNano();
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  static Optional<Instant> optionalInstant(ResultSet row, int column) throws SQLException {
    long nanos = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(instant(nanos));
  }

  static void setOptional(PreparedStatement statement, int index, Optional<Instant> time)
      throws SQLException {
    if (time.isPresent()) {
      statement.setLong(index, nanos(time.get()));
    } else {
      statement.setNull(index, Types.BIGINT);
    }
  }

  static void setBytes(PreparedStatement statement, int index, Optional<byte[]> bytes)
      throws SQLException {
    if (bytes.isPresent()) {
      statement.setBytes(index, bytes.get());
    } else {
      statement.setNull(index, Types.VARBINARY);
    }
  }

  static int code(Origin origin) {
    return switch (origin) {
      case LISTED -> 0;
      case INFERRED -> 1;
    };
  }

  static Origin origin(int code) {
    return switch (code) {
      case 0 -> Origin.LISTED;
      case 1 -> Origin.INFERRED;
      default -> throw unknown("origin", code);
    };
  }

  static int code(Regime regime) {
    return switch (regime) {
      case VERSIONED -> 0;
      case SUSPENDED -> 1;
      case UNVERSIONED -> 2;
    };
  }

  static Regime regime(int code) {
    return switch (code) {
      case 0 -> Regime.VERSIONED;
      case 1 -> Regime.SUSPENDED;
      case 2 -> Regime.UNVERSIONED;
      default -> throw unknown("regime", code);
    };
  }

  static int code(BucketProof proof) {
    return switch (proof) {
      case MARKED -> 0;
      case RECOGNISED -> 1;
      case UNRECOGNISED -> 2;
      case ANOTHER -> 3;
    };
  }

  static BucketProof bucketProof(int code) {
    return switch (code) {
      case 0 -> BucketProof.MARKED;
      case 1 -> BucketProof.RECOGNISED;
      case 2 -> BucketProof.UNRECOGNISED;
      case 3 -> BucketProof.ANOTHER;
      default -> throw unknown("proof of a bucket", code);
    };
  }

  static Suspicion suspicion(String word) {
    return java.util.Arrays.stream(Suspicion.values())
        .filter(suspicion -> suspicion.name().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new CatalogException(
                "the catalog holds the unknown suspicion %s\nHINT: it was written by another program or is damaged; restore a copy of it"
                    .formatted(word)));
  }

  /// The code of a state that stands in the queue.
  static int code(ReplicaState state) {
    return switch (state) {
      case PENDING -> PENDING;
      case HELD -> HELD;
      case GIVEN_UP -> GIVEN_UP;
      case MISSED -> MISSED;
      case WAIVED -> WAIVED;
      case PRUNED -> PRUNED;
      case DURABLE ->
          throw new IllegalArgumentException("no row of the queue is " + state + " by nature");
    };
  }

  static ReplicaState queueState(int code) {
    return switch (code) {
      case PENDING -> ReplicaState.PENDING;
      case HELD -> ReplicaState.HELD;
      case GIVEN_UP -> ReplicaState.GIVEN_UP;
      case MISSED -> ReplicaState.MISSED;
      case WAIVED -> ReplicaState.WAIVED;
      case PRUNED -> ReplicaState.PRUNED;
      default -> throw unknown("queue state", code);
    };
  }

  /// Whether a row in this state holds the recovery point back.
  static boolean blocks(int state) {
    return state == PENDING || state == HELD || state == GIVEN_UP;
  }

  static int code(ScanLog.State state) {
    return switch (state) {
      case RUNNING -> 0;
      case COMPLETE -> 1;
      case INCOMPLETE -> 2;
    };
  }

  static ScanLog.State scanState(int code) {
    return switch (code) {
      case 0 -> ScanLog.State.RUNNING;
      case 1 -> ScanLog.State.COMPLETE;
      case 2 -> ScanLog.State.INCOMPLETE;
      default -> throw unknown("scan state", code);
    };
  }

  static int code(RunLog.Result result) {
    return switch (result) {
      case RUNNING -> 0;
      case SUCCEEDED -> 1;
      case PARTIAL -> 2;
      case FAILED -> 3;
      case INTERRUPTED -> 4;
    };
  }

  static RunLog.Result runResult(int code) {
    return switch (code) {
      case 0 -> RunLog.Result.RUNNING;
      case 1 -> RunLog.Result.SUCCEEDED;
      case 2 -> RunLog.Result.PARTIAL;
      case 3 -> RunLog.Result.FAILED;
      case 4 -> RunLog.Result.INTERRUPTED;
      default -> throw unknown("run result", code);
    };
  }

  /// Cuts a text to what its column holds.
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end);
  }

  private static CatalogException unknown(String what, int code) {
    return new CatalogException(
        "the catalog holds the unknown %s %d\nHINT: it was written by another program or is damaged; restore a copy of it"
            .formatted(what, code));
  }
}
