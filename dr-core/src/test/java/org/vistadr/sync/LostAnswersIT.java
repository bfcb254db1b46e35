package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Lag;
import org.vistadr.model.SiteName;

/// Writes that fail, lose their answers, or are cut off by a crash before they are recorded: every
/// version still arrives exactly once and in order, and the recovery point waits for it.
class LostAnswersIT {

  @Test
  void everyVersionArrivesExactlyOnceAndInOrder() throws Exception {
    long seed = Long.getLong("vistadr.seed", new SplittableRandom().nextLong());
    System.out.println("everyVersionArrivesExactlyOnceAndInOrder seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    try (SyncRig rig = new SyncRig(true)) {
      FlakyStore versioned = new FlakyStore(rig.versioned, random.split());
      FlakyStore unversioned = new FlakyStore(rig.unversioned, random.split());
      rig.restart(rig.primary, List.of(versioned, unversioned));
      List<String> keys = List.of("a", "b/c", "d");
      Map<Instant, Map<String, List<String>>> truthAtScan = new HashMap<>();
      for (int step = 0; step < 18; step++) {
        String key = keys.get(random.nextInt(keys.size()));
        if (random.nextInt(4) == 0) {
          rig.delete(key);
        } else {
          rig.put(key, "text " + step);
        }
        if (random.nextInt(3) == 0) {
          Map<String, List<String>> truth = truth(rig, keys);
          truthAtScan.putIfAbsent(rig.synchronizer.scan().startedAt(), truth);
          replicate(rig, SyncRig.VERSIONED, versioned, unversioned);
          replicate(rig, SyncRig.UNVERSIONED, versioned, unversioned);
          assertRecoveryPointIsTrue(rig, truthAtScan, seed);
        }
      }
      versioned.heal();
      unversioned.heal();
      rig.clock.forward(Duration.ofHours(1));
      rig.sync();
      for (String key : keys) {
        assertThat(SyncRig.history(rig.versioned, key))
            .as("seed %d key %s", seed, key)
            .isEqualTo(SyncRig.history(rig.primary, key));
        assertThat(SyncRig.current(rig.unversioned, key))
            .as("seed %d key %s", seed, key)
            .isEqualTo(SyncRig.current(rig.primary, key));
      }
      for (SiteName secondary : List.of(SyncRig.VERSIONED, SyncRig.UNVERSIONED)) {
        assertThat(rig.lag(secondary)).isInstanceOf(Lag.Known.class);
        assertThat(rig.catalog.queue().backlog(secondary).pendingObjects()).isZero();
        assertThat(rig.catalog.queue().backlog(secondary).givenUp()).isZero();
      }
    }
  }

  private static void replicate(
      SyncRig rig, SiteName secondary, FlakyStore versioned, FlakyStore unversioned) {
    rig.clock.forward(Duration.ofHours(1));
    try {
      rig.synchronizer.replicate(secondary);
    } catch (FlakyStore.Crash _) {
      rig.restart(rig.primary, List.of(versioned, unversioned));
    }
  }

  private static Map<String, List<String>> truth(SyncRig rig, List<String> keys) throws Exception {
    Map<String, List<String>> truth = new HashMap<>();
    for (String key : keys) {
      truth.put(key, SyncRig.history(rig.primary, key));
    }
    return truth;
  }

  /// Everything that was at the primary when the scan of the recovery point began is at the
  /// secondary now, as an independent reader of both buckets sees it.
  private static void assertRecoveryPointIsTrue(
      SyncRig rig, Map<Instant, Map<String, List<String>>> truthAtScan, long seed)
      throws Exception {
    if (rig.lag(SyncRig.VERSIONED) instanceof Lag.Known known) {
      for (var entry : truthAtScan.get(known.recoveryPoint()).entrySet()) {
        List<String> there = SyncRig.history(rig.versioned, entry.getKey());
        assertThat(there.subList(0, Math.min(there.size(), entry.getValue().size())))
            .as("seed %d key %s", seed, entry.getKey())
            .isEqualTo(entry.getValue());
      }
    }
  }
}
