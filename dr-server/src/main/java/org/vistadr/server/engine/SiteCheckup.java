package org.vistadr.server.engine;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.vistadr.api.SiteCheck;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigRisk;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.Regime;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.protect.Locks;
import org.vistadr.protect.SettingsRead;
import org.vistadr.server.config.Sites;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// Tries out what the daemon needs of a site, step by step: the answer to "is it the site, the
/// keys, or us?". Writes nothing at the primary; at a secondary one small object below the reserved
/// prefix, which it removes again.
public final class SiteCheckup {

  private static final Duration SKEW_LIMIT = Duration.ofSeconds(60);

  private final Clock clock;
  private final Duration window;

  /// @param clock ours, to compare the site's with
  /// @param window what expires at the primary sooner is a risk
  public SiteCheckup(Clock clock, Duration window) {
    this.clock = clock;
    this.window = window;
  }

  /// Tries everything and reports; never throws for what the site does.
  public SiteCheck check(ObjectStore store) {
    return check(store, Optional.empty());
  }

  /// Tries everything and reports; never throws for what the site does.
  ///
  /// @param secondary how it is configured, when it is one
  public SiteCheck check(ObjectStore store, Optional<Sites.Secondary> secondary) {
    List<SiteCheck.Step> steps = new ArrayList<>();
    Optional<BucketState> state = bucket(store, steps);
    if (state.isPresent()) {
      versioning(store, state.get(), steps);
      clock(state.get(), steps);
      list(store, state.get(), steps);
      Optional<ObjectLock> lock = secondary.flatMap(configured -> configured.site().lock());
      boolean locks = lock.isPresent() && lock(store, lock.get(), steps);
      write(store, locks && lock.get().legalHold(), steps);
      settings(store, steps);
    }
    secondary.flatMap(SiteCheckup::retention).ifPresent(steps::add);
    return new SiteCheck(
        store.site().value(),
        steps.stream().noneMatch(step -> step.result().equals("failed")),
        steps,
        KeyPolicies.of(
            store,
            state.map(BucketState::regime),
            secondary.flatMap(configured -> configured.site().lock())));
  }

  /// How retention stands there; empty when everything is kept.
  private static Optional<SiteCheck.Step> retention(Sites.Secondary secondary) {
    return secondary
        .retention()
        .map(policy -> {
          if (secondary.pruneKey().isEmpty()) {
            return new SiteCheck.Step(
                "prune",
                "warning",
                "%s, and no key that may remove versions".formatted(policy.text()),
                "add to the secondary: prune: {accessKey: ..., secretKeyEnv: ...}");
          }
          return secondary.pruneKey().get().isThatOf(secondary.site())
              ? new SiteCheck.Step(
                  "prune",
                  "warning",
                  "the key for pruning is that of every day: who has it can remove the history",
                  "make a key of its own, and take s3:DeleteObjectVersion from the other one")
              : ok("prune", "%s, with a key of its own".formatted(policy.text()));
        });
  }

  private static Optional<BucketState> bucket(ObjectStore store, List<SiteCheck.Step> steps) {
    try {
      BucketState state = store.bucketState();
      steps.add(ok("connect", "%s answers".formatted(store.profile().name())));
      steps.add(ok("bucket", "%s is there".formatted(store.bucket())));
      return Optional.of(state);
    } catch (StorageException e) {
      boolean connected =
          e instanceof StorageException.AccessDenied || e instanceof StorageException.BucketMissing;
      if (connected) {
        steps.add(ok("connect", "%s answers".formatted(store.profile().name())));
      }
      steps.add(failed(connected ? "bucket" : "connect", e));
      return Optional.empty();
    }
  }

  private static void versioning(ObjectStore store, BucketState state, List<SiteCheck.Step> steps) {
    boolean primary = store.site().equals(SiteName.PRIMARY);
    steps.add(
        switch (state.regime()) {
          case VERSIONED -> ok("versioning", "the bucket keeps versions");
          case SUSPENDED ->
              new SiteCheck.Step(
                  "versioning",
                  "warning",
                  "versioning is suspended: new writes overwrite",
                  "turn versioning on again");
          case UNVERSIONED ->
              primary
                  ? new SiteCheck.Step(
                      "versioning",
                      "warning",
                      "the bucket keeps no versions: what changes twice between two scans is lost",
                      "turn versioning on where the provider has it")
                  : ok("versioning", "no versions; history is kept below .vistadr/history/");
        });
  }

  private void clock(BucketState state, List<SiteCheck.Step> steps) {
    Duration skew = Duration.between(clock.instant(), state.serverTime());
    steps.add(
        skew.abs().compareTo(SKEW_LIMIT) > 0
            ? new SiteCheck.Step(
                "clock",
                "warning",
                "the site's clock differs by %d s".formatted(skew.toSeconds()),
                "check NTP on both sides: times of restores rest on it")
            : ok("clock", "within %d s of ours".formatted(skew.abs().toSeconds() + 1)));
  }

  private static void list(ObjectStore store, BucketState state, List<SiteCheck.Step> steps) {
    ListingRequest one = new ListingRequest("", ListingRequest.Position.BEGINNING, 1);
    try {
      if (state.regime() == Regime.UNVERSIONED) {
        store.listObjects(one);
        steps.add(ok("list", "objects can be listed"));
      } else {
        store.listVersions(one);
        steps.add(ok("list", "versions can be listed"));
      }
    } catch (StorageException e) {
      steps.add(failed("list", e));
    }
  }

  /// @param legalHold whether the object gets a legal hold for a moment
  private static void write(ObjectStore store, boolean legalHold, List<SiteCheck.Step> steps) {
    if (store.site().equals(SiteName.PRIMARY)) {
      steps.add(
          new SiteCheck.Step("write", "skipped", "nothing is written to the primary here", ""));
      return;
    }
    ObjectKey key = new ObjectKey(ObjectKey.RESERVED_PREFIX + "check/" + UUID.randomUUID());
    byte[] bytes = "vistadr check".getBytes(StandardCharsets.UTF_8);
    try {
      WriteReceipt receipt =
          store.put(
              new PutRequest(
                  key,
                  ObjectAttributes.ofContentType("text/plain"),
                  WriteBody.Buffered.of(bytes),
                  WriteCondition.ALWAYS));
      steps.add(ok("write", "a small object was written below .vistadr/check/"));
      if (legalHold) {
        steps.add(legalHold(store, key, receipt));
      }
      steps.add(removed(store, key, receipt));
    } catch (StorageException e) {
      boolean written = steps.stream().anyMatch(step -> step.name().equals("write"));
      steps.add(failed(written ? "remove" : "write", e));
    }
  }

  /// Whether the key may set and lift what `hold` asks for.
  private static SiteCheck.Step legalHold(ObjectStore store, ObjectKey key, WriteReceipt receipt) {
    try {
      VersionId version = receipt.versionId().orElse(VersionId.NULL);
      store.legalHold(key, version, true);
      boolean held = store.lock(key, version).legalHold();
      store.legalHold(key, version, false);
      return held
          ? ok("legal-hold", "a legal hold was set and lifted again")
          : new SiteCheck.Step(
              "legal-hold",
              "failed",
              "a legal hold was accepted and is not there",
              "take objectLock.legalHold away: the provider does not keep legal holds");
    } catch (StorageException.AccessDenied e) {
      return new SiteCheck.Step(
          "legal-hold",
          "failed",
          String.valueOf(e.getMessage()),
          "give the key s3:PutObjectLegalHold and s3:GetObjectRetention, or take"
              + " objectLock.legalHold away");
    } catch (StorageException e) {
      return failed("legal-hold", e);
    }
  }

  /// The key of every day need not be able to remove a version: a delete marker will do.
  private static SiteCheck.Step removed(ObjectStore store, ObjectKey key, WriteReceipt receipt)
      throws StorageException {
    if (receipt.versionId().isEmpty()) {
      store.delete(key, WriteCondition.ALWAYS);
      return ok("remove", "and removed again");
    }
    try {
      store.deleteVersion(key, receipt.versionId().get());
      return ok("remove", "and removed again; this key can remove versions, and does not have to");
    } catch (StorageException.AccessDenied _) {
      store.delete(key, WriteCondition.ALWAYS);
      return ok(
          "remove", "and marked as deleted; this key cannot remove versions, as it should be");
    }
  }

  /// @return whether the bucket locks objects
  private static boolean lock(ObjectStore store, ObjectLock lock, List<SiteCheck.Step> steps) {
    try {
      Optional<String> refused = Locks.problem(store);
      steps.add(
          refused
              .map(problem ->
                  new SiteCheck.Step(
                      "object-lock", "failed", problem, Hints.noObjectLock(store.site())))
              .orElseGet(() -> ok("object-lock", "copies are locked, " + lock.words())));
      return refused.isEmpty();
    } catch (StorageException e) {
      steps.add(failed("object-lock", e));
      return false;
    }
  }

  /// What the bucket is set to, and what of that puts what is in it at risk.
  private void settings(ObjectStore store, List<SiteCheck.Step> steps) {
    try {
      SettingsRead read = SettingsRead.of(store);
      List<ConfigRisk> risks =
          store.site().equals(SiteName.PRIMARY)
              ? ConfigRisk.ofPrimary(read.config(), window)
              : ConfigRisk.ofSecondary(read.config());
      long set =
          read.config().settings().values().stream()
              .filter(SettingValue.Configured.class::isInstance)
              .count();
      read.failures()
          .forEach((setting, problem) ->
              steps.add(
                  new SiteCheck.Step(
                      "settings",
                      "warning",
                      "%s did not answer: %s".formatted(setting.word(), problem.getMessage()),
                      Hints.of(problem))));
      for (ConfigRisk risk : risks) {
        // How versions are kept was told above.
        if (risk.setting() != BucketSetting.VERSIONING) {
          steps.add(
              new SiteCheck.Step(
                  "settings",
                  risk.kind().isWarning() ? "warning" : "note",
                  risk.detail(),
                  risk.kind().isWarning() ? hint(risk) : ""));
        }
      }
      if (risks.stream().noneMatch(risk -> risk.kind().isWarning())) {
        steps.add(
            ok(
                "settings",
                "%d of the bucket's settings are set, none is dangerous".formatted(set)));
      }
    } catch (StorageException e) {
      steps.add(failed("settings", e));
    }
  }

  private static String hint(ConfigRisk risk) {
    return switch (risk.kind()) {
      case EXPIRY, NONCURRENT_EXPIRY ->
          "take the rule away, or know that what it removes can be restored from a secondary only";
      case OPEN -> "presigned links work without it: close the bucket";
      case NOT_BLOCKED, VERSIONING, UNVERSIONED, UNFINISHED_UPLOADS, UNREADABLE -> "";
    };
  }

  private static SiteCheck.Step ok(String name, String detail) {
    return new SiteCheck.Step(name, "ok", detail, "");
  }

  private static SiteCheck.Step failed(String name, StorageException problem) {
    return new SiteCheck.Step(
        name, "failed", String.valueOf(problem.getMessage()), Hints.of(problem));
  }
}
