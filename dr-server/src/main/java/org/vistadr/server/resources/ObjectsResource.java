package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.ObjectListing;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Step;
import org.vistadr.restore.view.View;
import org.vistadr.restore.view.ViewEntry;
import org.vistadr.restore.view.Views;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;

/// `/objects`: what the bucket held at a moment, and the history of a key.
@Path("/api/v1/objects")
@Produces(MediaType.APPLICATION_JSON)
public final class ObjectsResource {

  private final Engine engine;
  private final Times times;
  private final ViewAnswers answers;

  /// @param engine what is asked
  /// @param times reads moments
  public ObjectsResource(Engine engine, Times times) {
    this.times = times;
    this.engine = engine;
    this.answers = new ViewAnswers(engine);
  }

  /// A listing as of a moment, with the prefixes below when a delimiter is given.
  @GET
  @Needs(Role.VIEWER)
  public ObjectListing list(
      @QueryParam("prefix") @Nullable String prefix,
      @QueryParam("delimiter") @Nullable String delimiter,
      @QueryParam("at") @Nullable String at,
      @QueryParam("deleted") @Nullable String deleted,
      @QueryParam("nearest") @Nullable String nearest,
      @QueryParam("strict") @Nullable String strict,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws RestoreRefusedException {
    String below = prefix == null ? "" : prefix;
    String cut = delimiter == null ? "" : delimiter;
    boolean onlyDeleted = Parameters.flag("deleted", deleted);
    ViewPage page = new ViewPage(answers, Parameters.limit(limit));
    Optional<String> from = Parameters.fromCursor(cursor);
    AsOf asOf = new AsOf(times.time("at", at), Parameters.flag("nearest", nearest));
    Views views = engine.restores().views();
    View view = views.view(below, asOf, ViewPage.after(from), onlyDeleted);
    from.filter(text -> text.startsWith("p")).ifPresent(text -> view.skip(text.substring(1)));

    Optional<Step<ViewEntry>> step = view.step();
    while (step.isPresent() && !page.isFull()) {
      String key = step.get().key().value();
      int end = cut.isEmpty() ? -1 : key.indexOf(cut, below.length());
      if (end < 0) {
        page.add(step.get());
      } else if (step.get().entry().flatMap(ViewEntry::version).isEmpty()) {
        page.pass(step.get().key());
      } else {
        String common = key.substring(0, end + cut.length());
        page.addPrefix(common);
        view.skip(common);
      }
      step = view.step();
    }
    // What nobody deleted is no sign that the prefix is wrong.
    boolean mayBeWrong = !below.isEmpty() && from.isEmpty() && !onlyDeleted;
    List<String> near =
        mayBeWrong && step.isEmpty() ? views.nearestPrefixes(below, asOf) : List.of();
    return page.finish(view.moment(), step.isPresent(), Parameters.flag("strict", strict), near);
  }

  /// Every version of a key on every site; for keys that do not fit into a path.
  @GET
  @Path("/versions")
  @Needs(Role.VIEWER)
  public KeyVersions versionsByQuery(
      @QueryParam("key") @Nullable String key, @QueryParam("locks") @Nullable String locks) {
    return history(Parameters.key(key), Parameters.flag("locks", locks));
  }

  /// Every version of a key on every site.
  @GET
  @Path("/{key: .+}/versions")
  @Needs(Role.VIEWER)
  public KeyVersions versions(
      @PathParam("key") String key, @QueryParam("locks") @Nullable String locks) {
    return history(Parameters.key(key), Parameters.flag("locks", locks));
  }

  /// @param locks whether secondaries are asked how their copies are locked
  private KeyVersions history(ObjectKey key, boolean locks) {
    Catalog catalog = engine.catalog();
    List<RecordedVersion> newestFirst = catalog.versions().history(key).newestFirst();
    if (newestFirst.isEmpty()) {
      throw ApiException.missing(
          "the key '%s' was never seen".formatted(key),
          "keys are exact; list what is there: vistadr ls");
    }
    Map<Long, Map<String, String>> states = states(key, newestFirst);
    Map<Long, Map<String, String>> notes = notes(key);
    Map<Long, Map<String, KeyVersions.Lock>> locked =
        locks ? new LockViews(engine).of(key) : Map.of();
    List<KeyVersions.Item> items = new ArrayList<>();
    for (RecordedVersion version : newestFirst) {
      Optional<Entry.Content> content =
          version.entry() instanceof Entry.Content here ? Optional.of(here) : Optional.empty();
      items.add(
          new KeyVersions.Item(
              content.isPresent() ? "content" : "delete-marker",
              version.origin().name().toLowerCase(Locale.ROOT),
              version.lastModified(),
              items.isEmpty(),
              version.versionId().value(),
              content.map(Entry.Content::size),
              content.map(Entry.Content::etag),
              content.map(Entry.Content::storageClass),
              version.sha256().map(org.vistadr.model.Sha256::hex),
              version.atPrimary(),
              states.getOrDefault(version.id(), Map.of()),
              locked.getOrDefault(version.id(), Map.of()),
              notes.getOrDefault(version.id(), Map.of())));
    }
    return new KeyVersions(key.value(), items);
  }

  /// When and by which plan versions were pruned.
  private Map<Long, Map<String, String>> notes(ObjectKey key) {
    Map<Long, Map<String, String>> notes = new HashMap<>();
    for (var secondary : engine.sites().secondaries()) {
      SiteName site = secondary.site().name();
      for (ReplicationQueue.Pending row : engine.catalog().queue().ofKey(site, key)) {
        if (row.state() == ReplicaState.PRUNED) {
          notes
              .computeIfAbsent(row.version().id(), _ -> new java.util.TreeMap<>())
              .put(site.value(), row.lastError());
        }
      }
    }
    return notes;
  }

  private Map<Long, Map<String, String>> states(ObjectKey key, List<RecordedVersion> versions) {
    Map<Long, Map<String, String>> states = new HashMap<>();
    for (var secondary : engine.sites().secondaries()) {
      SiteName site = secondary.site().name();
      Map<Long, ReplicaState> here = new HashMap<>();
      for (ReplicationQueue.Pending row : engine.catalog().queue().ofKey(site, key)) {
        here.put(row.version().id(), row.state());
      }
      for (ReplicaLog.Replica replica : engine.catalog().replicas().ofKey(site, key)) {
        here.put(replica.versionId(), ReplicaState.DURABLE);
      }
      for (RecordedVersion version : versions) {
        // A version that a new secondary has not taken up yet is on its way like any other.
        ReplicaState state = here.getOrDefault(version.id(), ReplicaState.PENDING);
        states
            .computeIfAbsent(version.id(), _ -> new java.util.TreeMap<>())
            .put(site.value(), state.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
    }
    return states;
  }
}
