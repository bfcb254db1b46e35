package org.vistadr.server.resources;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.BucketConfigView;
import org.vistadr.api.Page;
import org.vistadr.catalog.BucketConfigLog;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigRestorePlan;
import org.vistadr.model.ConfigVersion;
import org.vistadr.server.config.DidYouMean;
import org.vistadr.server.config.Role;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// `/bucket-config`: what the primary's bucket is and was set to, and setting a bucket to it.
@Path("/api/v1/bucket-config")
@Produces(MediaType.APPLICATION_JSON)
public final class BucketConfigResource {

  private final Engine engine;
  private final BucketConfigLog log;
  private final Times times;

  BucketConfigResource(Engine engine, Times times) {
    this.engine = engine;
    this.log = engine.catalog().bucketConfig();
    this.times = times;
  }

  /// The version of a moment, or of a number; the newest by default.
  @GET
  @Needs(Role.VIEWER)
  public BucketConfigView.State config(
      @QueryParam("at") @Nullable String at, @QueryParam("version") @Nullable Long version) {
    return BucketConfigViews.state(engine, version(at, version, newest()));
  }

  /// Versions, newest first.
  @GET
  @Path("/history")
  @Needs(Role.VIEWER)
  public Page<BucketConfigView.Entry> history(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<ConfigVersion> found = log.list(Parameters.numberFromCursor(cursor), size + 1);
    return Pages.of(
        found,
        size,
        version -> BucketConfigViews.entry(version, log.list(Optional.of(version.number()), 1)),
        last -> String.valueOf(last.number()));
  }

  /// What differs between two versions: from the accepted one to the newest by default.
  @GET
  @Path("/diff")
  @Needs(Role.VIEWER)
  public BucketConfigView.Diff diff(
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("fromVersion") @Nullable Long fromVersion,
      @QueryParam("toVersion") @Nullable Long toVersion) {
    ConfigVersion newest = newest();
    return BucketConfigViews.diff(
        version(from, fromVersion, log.accepted().orElse(newest)), version(to, toVersion, newest));
  }

  /// Reads it now.
  @POST
  @Path("/read")
  @Needs(Role.OPERATOR)
  @Audited("bucket-config-read")
  public BucketConfigView.Reading read() throws StorageException {
    return BucketConfigViews.reading(engine.bucketConfigs().read());
  }

  /// Says that the newest version is meant: what differed is no drift any more.
  @POST
  @Path("/accept")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("")
  public BucketConfigView.State accept(
      BucketConfigView.@Nullable Accept request, @Context ContainerRequestContext context) {
    if (request == null) {
      throw ApiException.bad("version-missing", "no version was named", "send the newest number");
    }
    requireReason(request.reason(), "accepting a change");
    ConfigVersion newest = newest();
    return engine
        .bucketConfigs()
        .accept(request.version(), Access.who(context), request.reason())
        .map(version -> BucketConfigViews.state(engine, version))
        .orElseThrow(() ->
            ApiException.conflict(
                "version-not-newest",
                "version %d is not the newest one, %d is"
                    .formatted(request.version(), newest.number()),
                "look at what changed since, then accept that",
                "vistadr bucket config diff"));
  }

  /// What setting a bucket to a version would change there. Changes nothing.
  @GET
  @Path("/restore-plan")
  @Needs(Role.OPERATOR)
  public BucketConfigView.Plan plan(
      @QueryParam("at") @Nullable String at,
      @QueryParam("version") @Nullable Long version,
      @QueryParam("to") @Nullable String to,
      @QueryParam("only") List<String> only)
      throws StorageException {
    ObjectStore store = site(to);
    ConfigVersion from = version(at, version, newest());
    return BucketConfigViews.plan(
        from, store, engine.configRestores().plan(from, store, settings(only)));
  }

  /// Sets a bucket to a version, as a plan said.
  @POST
  @Path("/restores")
  @Consumes(MediaType.APPLICATION_JSON)
  @Needs(Role.ADMIN)
  @Audited("")
  public BucketConfigView.Restored restore(
      BucketConfigView.@Nullable Restore request, @Context ContainerRequestContext context)
      throws StorageException {
    if (request == null || request.plan() == null) {
      throw ApiException.bad(
          "plan-missing", "no plan was named", "ask for it first: GET /bucket-config/restore-plan");
    }
    requireReason(request.reason(), "changing a bucket's settings");
    ObjectStore store = site(request.to());
    if (!store.bucket().equals(request.confirm())) {
      throw new ApiException(
          412,
          "confirmation-required",
          "settings of the bucket %s are written over".formatted(store.bucket()),
          "confirm with the bucket's name",
          List.of());
    }
    ConfigVersion from = version(null, request.version(), newest());
    ConfigRestorePlan plan =
        engine
            .configRestores()
            .plan(from, store, settings(Optional.ofNullable(request.only()).orElse(List.of())));
    if (!BucketConfigViews.name(plan).equals(request.plan())) {
      throw ApiException.conflict(
          "plan-changed",
          "the settings of %s are not what the plan saw".formatted(store.bucket()),
          "look at a new plan",
          "vistadr bucket config restore --version %d --to %s --dry-run"
              .formatted(from.number(), store.site()));
    }
    return BucketConfigViews.restored(
        store,
        engine.configRestores().apply(from, store, plan, Access.who(context), request.reason()));
  }

  private ConfigVersion newest() {
    return log.newest()
        .orElseThrow(() ->
            ApiException.missing(
                "the primary's bucket configuration was not read yet",
                "it is read with the next scan, or now",
                "vistadr bucket config read"));
  }

  private ConfigVersion version(@Nullable String at, @Nullable Long number, ConfigVersion other) {
    if (number != null) {
      return log.find(number)
          .orElseThrow(() ->
              ApiException.missing(
                  "there is no version %d".formatted(number),
                  "see which there are",
                  "vistadr bucket config history"));
    }
    Optional<Instant> moment = times.time("at", at);
    return moment.isEmpty()
        ? other
        : log.at(moment.get())
            .orElseThrow(() ->
                ApiException.missing(
                    "nothing is known of the bucket's configuration before %s"
                        .formatted(log.oldest().map(ConfigVersion::seenAt).orElse(other.seenAt())),
                    "ask for a later moment",
                    "vistadr bucket config history"));
  }

  private ObjectStore site(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      throw ApiException.bad("site-missing", "no site is named", "say where to: to=primary");
    }
    return engine
        .anySite(name)
        .orElseThrow(() -> {
          List<String> names =
              engine.sites().named().stream().map(site -> site.name().value()).toList();
          return ApiException.missing(
              "there is no site '%s'".formatted(name),
              DidYouMean.closest(name, names)
                  .map("did you mean %s?"::formatted)
                  .orElse("sites are " + String.join(", ", names)));
        });
  }

  private static Set<BucketSetting> settings(List<String> words) {
    Set<BucketSetting> settings = new TreeSet<>();
    for (String list : words) {
      for (String word : list.split(",")) {
        settings.add(
            BucketSetting.of(word.strip())
                .orElseThrow(() ->
                    ApiException.bad(
                        "setting-unknown",
                        "there is no setting '%s'".formatted(word),
                        "settings are " + String.join(", ", BucketSetting.words()))));
      }
    }
    return settings;
  }

  private static void requireReason(@Nullable String reason, String what) {
    if (reason == null || reason.isBlank()) {
      throw ApiException.bad("reason-missing", what + " needs a reason", "say why");
    }
  }
}
