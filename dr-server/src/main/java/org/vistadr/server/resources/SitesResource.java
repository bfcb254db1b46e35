package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.vistadr.api.Page;
import org.vistadr.api.SiteCheck;
import org.vistadr.api.SiteView;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.Role;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.Hints;
import org.vistadr.server.engine.SiteCheckup;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.storage.SiteConfig;

/// `/sites`: the buckets and what was seen of them.
@Path("/api/v1/sites")
@Produces(MediaType.APPLICATION_JSON)
public final class SitesResource {

  private final Engine engine;
  private final SiteWatch watch;

  /// @param watch what was seen last
  public SitesResource(Engine engine, SiteWatch watch) {
    this.engine = engine;
    this.watch = watch;
  }

  /// All sites, the primary first.
  @GET
  @Needs(Role.VIEWER)
  public Page<SiteView> sites() {
    return new Page<>(engine.sites().all().stream().map(this::view).toList(), Optional.empty());
  }

  /// One site.
  @GET
  @Path("/{site}")
  @Needs(Role.VIEWER)
  public SiteView site(@PathParam("site") String site) {
    return view(configured(site));
  }

  /// Tries out what the daemon needs of the site, now.
  @POST
  @Path("/{site}/check")
  @Needs(Role.OPERATOR)
  public SiteCheck check(@PathParam("site") String site) {
    SiteName name = configured(site).name();
    return new SiteCheckup(engine.clock(), engine.bucketConfigs().settings().window())
        .check(engine.store(name).orElseThrow(), engine.secondary(name.value()));
  }

  private SiteConfig configured(String name) {
    List<SiteConfig> all = engine.sites().all();
    return all.stream()
        .filter(site -> site.name().value().equals(name))
        .findFirst()
        .orElseThrow(() ->
            ApiException.missing(
                "there is no site '%s'".formatted(name),
                "sites are "
                    + String.join(", ", all.stream().map(site -> site.name().value()).toList())));
  }

  private SiteView view(SiteConfig site) {
    Optional<SiteWatch.Sight> sight = watch.last(site.name());
    return new SiteView(
        site.name().value(),
        site.name().equals(SiteName.PRIMARY) ? "primary" : "secondary",
        site.profile().name(),
        Sites.where(site),
        site.region(),
        site.bucket(),
        sight.map(SiteWatch.Sight::at),
        sight.map(SiteWatch.Sight::reachable),
        sight
            .flatMap(SiteWatch.Sight::regime)
            .map(regime -> regime.name().toLowerCase(Locale.ROOT)),
        sight.flatMap(SiteWatch.Sight::skew).map(skew -> skew.toMillis() / 1e3),
        sight.flatMap(SiteWatch.Sight::problem).map(Throwable::getMessage),
        sight.flatMap(SiteWatch.Sight::problem).map(Hints::of));
  }
}
