package org.vistadr.cli.client;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.vistadr.api.AuditEntry;
import org.vistadr.api.BrakeView;
import org.vistadr.api.CheckpointView;
import org.vistadr.api.DiffPage;
import org.vistadr.api.DrillView;
import org.vistadr.api.FindingView;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.HeldChange;
import org.vistadr.api.HoldView;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.LinkRequest;
import org.vistadr.api.LinkView;
import org.vistadr.api.ObjectListing;
import org.vistadr.api.Page;
import org.vistadr.api.PrunePlanView;
import org.vistadr.api.RestorePlanRequest;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreReportView;
import org.vistadr.api.RestoreRequest;
import org.vistadr.api.RestoreView;
import org.vistadr.api.SiteCheck;
import org.vistadr.api.Status;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.TaskView;
import org.vistadr.api.UndoRequest;
import org.vistadr.api.VerificationView;

/// The daemon's API, typed. Every method throws [org.vistadr.cli.output.CommandFailure] with the
/// exit code that fits the answer. Thread-safe.
public final class ApiClient {

  private static final TypeReference<Map<String, Object>> ANY = new TypeReference<>() {};

  private final HttpCaller http;

  /// @param patience how long one answer may take
  public ApiClient(ServerSettings settings, Duration patience) {
    http = new HttpCaller(settings, patience);
  }

  /// Am I protected?
  public Status status() {
    return http.get("/status", new TypeReference<>() {});
  }

  /// Looks at a site now.
  public SiteCheck check(String site) {
    return http.post(
        "/sites/" + encoded(site) + "/check", Map.of(), Map.of(), new TypeReference<>() {});
  }

  /// A page of what the bucket held.
  public ObjectListing objects(ObjectQuery query, Optional<String> cursor) {
    Query path = new Query("/objects?limit=1000").with("prefix", Optional.of(query.prefix()));
    path.with("delimiter", query.delimiter()).with("at", query.at());
    path.with("deleted", query.deleted()).with(query.doubts()).with("cursor", cursor);
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// A page of what matches a glob.
  public ObjectListing find(FindQuery query, Optional<String> cursor) {
    Query path = new Query("/find?limit=1000").with("glob", Optional.of(query.glob()));
    path.with("deletedSince", query.deletedSince()).with("changedSince", query.changedSince());
    path.with("at", query.at()).with(query.doubts()).with("cursor", cursor);
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// A page of what differs between two moments.
  ///
  /// @param to absent means the newest state that is known
  public DiffPage diff(
      String prefix, Instant from, Optional<Instant> to, Doubts doubts, Optional<String> cursor) {
    Query path = new Query("/diff?limit=1000").with("prefix", Optional.of(prefix));
    path.with("from", Optional.of(from)).with("to", to).with(doubts).with("cursor", cursor);
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// A link to one version.
  public LinkView link(LinkRequest request) {
    return http.post("/objects/links", request, started(), new TypeReference<>() {});
  }

  /// Every version of a key.
  public KeyVersions versions(String key) {
    return versions(key, false);
  }

  /// Every version of a key.
  ///
  /// @param locks whether secondaries are asked how their copies are locked
  public KeyVersions versions(String key, boolean locks) {
    return http.get(
        "/objects/versions?key=" + encoded(key) + (locks ? "&locks=true" : ""),
        new TypeReference<>() {});
  }

  /// The bytes of a key's version; the caller closes the stream.
  ///
  /// @param at the moment; absent means now
  /// @param version the primary's version id, instead of a moment
  /// @param nearest whether the scan before may stand for the moment
  /// @param range a part of the bytes, as `first-last`
  public ObjectContent content(
      String key,
      Optional<Instant> at,
      Optional<String> version,
      boolean nearest,
      Optional<String> range) {
    Query path = new Query("/objects/content?key=" + encoded(key));
    path.with("at", at).with("version", version).with("nearest", nearest);
    HttpCaller.Content content = http.content(path.toString(), range);
    return new ObjectContent(
        content.body(), content.length(), content.sha256(), content.ambiguous());
  }

  /// Makes a plan, which takes as long as listing what it is about.
  public RestorePlanView plan(RestorePlanRequest request) {
    return http.postPatiently("/restore-plans", request, started(), new TypeReference<>() {});
  }

  /// A plan as it is now.
  public RestorePlanView plan(String id) {
    return http.get("/restore-plans/" + encoded(id), new TypeReference<>() {});
  }

  /// A page of a plan's objects.
  ///
  /// @param which `action=cannot` or `newer=true`
  public Page<RestorePlanView.ItemView> planItems(
      String id, String which, Optional<String> cursor) {
    StringBuilder path =
        new StringBuilder("/restore-plans/" + encoded(id) + "/items?limit=1000&" + which);
    cursor.ifPresent(text -> path.append("&cursor=").append(encoded(text)));
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// A page of the changes that a plan's source never had.
  public Page<GivenUpChange> lost(String id, Optional<String> cursor) {
    String query = cursor.map(text -> "&cursor=" + encoded(text)).orElse("");
    return http.get(
        "/restore-plans/" + encoded(id) + "/lost?limit=1000" + query, new TypeReference<>() {});
  }

  /// Applies a plan.
  public RestoreView restore(RestoreRequest request) {
    return http.post("/restores", request, started(), new TypeReference<>() {});
  }

  /// A restore as it is now, or once it changed within the wait.
  public RestoreView restore(String id, Duration wait) {
    String query = wait.isZero() ? "" : "?wait=" + wait.toSeconds() + "s";
    return http.get("/restores/" + encoded(id) + query, new TypeReference<>() {});
  }

  /// Begins to listen to what becomes of a restore.
  public RestoreFeed restoreFeed(String id) {
    return new RestoreFeed(http, encoded(id));
  }

  /// The newest restores.
  public Page<RestoreView> restores() {
    return http.get("/restores", new TypeReference<>() {});
  }

  /// A page of a restore's objects of one state.
  public Page<RestorePlanView.ItemView> restoreItems(
      String id, Optional<String> state, Optional<String> cursor) {
    StringBuilder path = new StringBuilder("/restores/" + encoded(id) + "/items?limit=1000");
    state.ifPresent(text -> path.append("&result=").append(encoded(text)));
    cursor.ifPresent(text -> path.append("&cursor=").append(encoded(text)));
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// Plans the undo of a restore.
  public RestorePlanView planUndo(String id) {
    return http.post(
        "/restores/" + encoded(id) + "/undo",
        new UndoRequest(true, Optional.empty()),
        started(),
        new TypeReference<>() {});
  }

  /// What a restore did.
  public RestoreReportView report(String id, ZoneId zone) {
    return http.get(reportPath(id, zone), new TypeReference<>() {});
  }

  /// What a restore did, as a page; the caller closes the stream.
  public InputStream reportPage(String id, ZoneId zone) {
    return http.content(reportPath(id, zone) + "&format=html", Optional.empty()).body();
  }

  private static String reportPath(String id, ZoneId zone) {
    return "/restores/" + encoded(id) + "/report?zone=" + encoded(zone.getId());
  }

  /// Ends a restore early; what is done stays done.
  public RestoreView cancelRestore(String id) {
    return steer(id, "cancel", Map.of());
  }

  /// Stops a restore for a while.
  public RestoreView pauseRestore(String id) {
    return steer(id, "pause", Map.of());
  }

  /// Goes on with a paused restore, or changes the bandwidth of one that runs.
  public RestoreView resumeRestore(String id, Optional<String> bandwidth) {
    return steer(id, "resume", new RestoreRequest.Resume(bandwidth));
  }

  /// Takes an ended restore up again.
  public RestoreView retryRestore(String id, RestoreRequest.Retry request) {
    return steer(id, "retry", request);
  }

  private RestoreView steer(String id, String action, Object body) {
    return http.post(
        "/restores/" + encoded(id) + "/" + action, body, started(), new TypeReference<>() {});
  }

  /// Starts a secondary's replication now.
  public SyncRequested sync(String secondary) {
    return http.post(
        "/secondaries/" + encoded(secondary) + "/sync",
        Map.of(),
        started(),
        new TypeReference<>() {});
  }

  /// `pause` or `resume` of a secondary.
  public void secondaryAction(String secondary, String action) {
    http.post("/secondaries/" + encoded(secondary) + "/" + action, Map.of(), started(), ANY);
  }

  /// A page of what a secondary gave up.
  public Page<GivenUpChange> failed(String secondary, Optional<String> cursor) {
    String query = cursor.map(text -> "?cursor=" + encoded(text)).orElse("");
    return http.get(
        "/secondaries/" + encoded(secondary) + "/failed" + query, new TypeReference<>() {});
  }

  /// Tries again what a secondary gave up.
  ///
  /// @param key only this key's; absent means all
  public GivenUpChange.Affected retryFailed(String secondary, Optional<String> key) {
    return http.post(
        "/secondaries/" + encoded(secondary) + "/failed/retry",
        new GivenUpChange.Retry(key),
        started(),
        new TypeReference<>() {});
  }

  /// Goes on without what a secondary gave up of a key.
  public GivenUpChange.Affected waiveFailed(String secondary, String key, String reason) {
    return http.post(
        "/secondaries/" + encoded(secondary) + "/failed/waive",
        new GivenUpChange.Waive(key, reason),
        started(),
        new TypeReference<>() {});
  }

  /// How the brake stands.
  public BrakeView brake() {
    return http.get("/brake", new TypeReference<>() {});
  }

  /// A page of the deletions that are held at a secondary.
  ///
  /// @param discarded instead, what the secondary does not have because a person decided so
  public Page<HeldChange> held(
      String secondary, boolean discarded, int limit, Optional<String> cursor) {
    Query path =
        new Query("/held?limit=" + limit + (discarded ? "&discarded=true" : ""))
            .with("secondary", Optional.of(secondary));
    return http.get(path.with("cursor", cursor).toString(), new TypeReference<>() {});
  }

  /// Decides about held deletions.
  ///
  /// @param what `release` or `discard`
  public HeldChange.Decided held(String what, HeldChange.Decision decision) {
    return http.post("/held/" + what, decision, started(), new TypeReference<>() {});
  }

  /// How far each secondary was looked at again.
  public Page<VerificationView> verifications() {
    return http.get("/verifications", new TypeReference<>() {});
  }

  /// A page of the findings in a state.
  public Page<FindingView> findings(String state, Optional<String> cursor) {
    Query path = new Query("/findings?limit=1000").with("state", Optional.of(state));
    return http.get(path.with("cursor", cursor).toString(), new TypeReference<>() {});
  }

  /// Has a replica copied again.
  public FindingView repair(long finding) {
    return http.post(
        "/findings/" + finding + "/repair", Map.of(), started(), new TypeReference<>() {});
  }

  /// Lets what was found be as it is.
  public FindingView acknowledge(long finding, String reason) {
    return http.post(
        "/findings/" + finding + "/acknowledge",
        new FindingView.Acknowledgement(reason),
        started(),
        new TypeReference<>() {});
  }

  /// A page of the named checkpoints, the latest moment first.
  public Page<CheckpointView> checkpoints(Optional<String> cursor) {
    return http.get(
        new Query("/checkpoints?limit=1000").with("cursor", cursor).toString(),
        new TypeReference<>() {});
  }

  /// One named checkpoint.
  public CheckpointView checkpoint(String name) {
    return http.get("/checkpoints/" + encoded(name), new TypeReference<>() {});
  }

  /// A part of what the bucket held at a checkpoint.
  public CheckpointView.Contents checkpointContents(String name, Optional<String> cursor) {
    String query = cursor.map(text -> "?cursor=" + encoded(text)).orElse("");
    return http.get(
        "/checkpoints/" + encoded(name) + "/contents" + query, new TypeReference<>() {});
  }

  /// Gives a moment a name.
  public CheckpointView createCheckpoint(CheckpointView.New request) {
    return http.post("/checkpoints", request, started(), new TypeReference<>() {});
  }

  /// Holds a checkpoint.
  public CheckpointView holdCheckpoint(String name) {
    return http.post(
        "/checkpoints/" + encoded(name) + "/hold", Map.of(), started(), new TypeReference<>() {});
  }

  /// Lets a checkpoint go.
  public CheckpointView unholdCheckpoint(String name, String reason) {
    return http.post(
        "/checkpoints/" + encoded(name) + "/unhold",
        new CheckpointView.Unhold(reason),
        started(),
        new TypeReference<>() {});
  }

  /// Forgets a checkpoint.
  public CheckpointView deleteCheckpoint(String name, String reason) {
    return http.delete(
        "/checkpoints/" + encoded(name) + "?reason=" + encoded(reason), new TypeReference<>() {});
  }

  /// Calls about bucket configurations.
  public BucketConfigCalls bucketConfig() {
    return new BucketConfigCalls(http);
  }

  /// Begins a drill.
  public DrillView startDrill(DrillView.Request request) {
    return http.post("/drills", request, started(), new TypeReference<>() {});
  }

  /// One drill with what it names.
  public DrillView drill(String id) {
    return http.get("/drills/" + encoded(id), new TypeReference<>() {});
  }

  /// A page of drills, newest first.
  public Page<DrillView> drills(Optional<String> secondary, int limit, Optional<String> cursor) {
    Query path = new Query("/drills?limit=" + limit).with("secondary", secondary);
    return http.get(path.with("cursor", cursor).toString(), new TypeReference<>() {});
  }

  /// Decides what retention may remove.
  public PrunePlanView planPrune(PrunePlanView.PruneRequest request) {
    return http.post("/prune-plans", request, started(), new TypeReference<>() {});
  }

  /// The newest plans of retention.
  public Page<PrunePlanView> prunePlans() {
    return http.get("/prune-plans", new TypeReference<>() {});
  }

  /// One plan of retention.
  public PrunePlanView prunePlan(String id) {
    return http.get("/prune-plans/" + encoded(id), new TypeReference<>() {});
  }

  /// A page of what a plan of retention names.
  ///
  /// @param state only those in this state
  public Page<PrunePlanView.PruneItem> pruneItems(
      String id, Optional<String> state, int limit, Optional<String> cursor) {
    Query path = new Query("/prune-plans/" + encoded(id) + "/items?limit=" + limit);
    return http.get(
        path.with("state", state).with("cursor", cursor).toString(), new TypeReference<>() {});
  }

  /// Approves a plan of retention.
  public PrunePlanView runPrune(String id, PrunePlanView.PruneApproval approval) {
    return http.post(
        "/prune-plans/" + encoded(id) + "/run", approval, started(), new TypeReference<>() {});
  }

  /// A page of the holds, oldest first.
  public Page<HoldView> holds(Optional<String> cursor) {
    return http.get(
        new Query("/holds?limit=1000").with("cursor", cursor).toString(), new TypeReference<>() {});
  }

  /// Exempts something from retention.
  public HoldView addHold(HoldView.NewHold request) {
    return http.post("/holds", request, started(), new TypeReference<>() {});
  }

  /// Ends a hold.
  public HoldView removeHold(long id, String reason) {
    return http.delete("/holds/" + id + "?reason=" + encoded(reason), new TypeReference<>() {});
  }

  /// A page of the audit log, newest first.
  public Page<AuditEntry> audit(AuditQuery query, int limit, Optional<String> cursor) {
    Query path = new Query("/audit?limit=" + limit).with("since", query.since());
    path.with("who", query.who()).with("action", query.action()).with("cursor", cursor);
    return http.get(path.toString(), new TypeReference<>() {});
  }

  /// Whether the audit log is as it was written.
  public AuditEntry.Seals auditSeals() {
    return http.get("/audit/seals", new TypeReference<>() {});
  }

  /// Every scheduled task.
  public Page<TaskView> tasks() {
    return http.get("/tasks", new TypeReference<>() {});
  }

  /// Starts a task now.
  public SyncRequested runTask(String task) {
    return http.post(
        "/tasks/" + encoded(task) + "/run", Map.of(), started(), new TypeReference<>() {});
  }

  /// `pause` or `resume` of a task.
  public void taskAction(String task, String action) {
    http.post("/tasks/" + encoded(task) + "/" + action, Map.of(), started(), ANY);
  }

  /// A task's last runs, newest first.
  public Page<TaskView.Run> taskHistory(String task) {
    return http.get("/tasks/" + encoded(task) + "/history", new TypeReference<>() {});
  }

  // A request that starts work carries a key, so that a repetition on the way starts it once.
  private static Map<String, String> started() {
    return Map.of("Idempotency-Key", UUID.randomUUID().toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// A path with its query, as it grows. Not thread-safe.
  private static final class Query {
    private final StringBuilder path;

    Query(String path) {
      this.path = new StringBuilder(path);
    }

    Query with(String name, Optional<?> value) {
      value.ifPresent(
          text -> path.append('&').append(name).append('=').append(encoded(text.toString())));
      return this;
    }

    Query with(String name, boolean on) {
      if (on) {
        path.append('&').append(name).append("=true");
      }
      return this;
    }

    Query with(Doubts doubts) {
      return with("nearest", doubts.nearest()).with("strict", doubts.strict());
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// What to do where a view is not certain.
  ///
  /// @param nearest take the scan before where the primary kept no versions at the moment
  /// @param strict refuse ambiguous keys
  public record Doubts(boolean nearest, boolean strict) {}

  /// What to list.
  ///
  /// @param prefix keys that start with it
  /// @param delimiter `/` to list one level
  /// @param at the moment; absent means now
  /// @param deleted what was deleted by then instead of what was there
  public record ObjectQuery(
      String prefix,
      Optional<String> delimiter,
      Optional<Instant> at,
      boolean deleted,
      Doubts doubts) {}

  /// What to read of the audit log.
  ///
  /// @param since not older than this
  /// @param who whose name has this text in it
  /// @param action exactly this one
  public record AuditQuery(
      Optional<Instant> since, Optional<String> who, Optional<String> action) {}

  /// What to look for.
  ///
  /// @param deletedSince only what was deleted since then
  /// @param changedSince only what was created or overwritten since then
  /// @param at the moment; absent means now
  public record FindQuery(
      String glob,
      Optional<Instant> deletedSince,
      Optional<Instant> changedSince,
      Optional<Instant> at,
      Doubts doubts) {}

  /// @param body to be closed by the caller
  /// @param length bytes announced; -1 when unknown
  /// @param sha256 the recorded hash in hexadecimal
  /// @param ambiguous whether the key may have held something else at the moment
  public record ObjectContent(
      InputStream body, long length, Optional<String> sha256, boolean ambiguous) {}
}
