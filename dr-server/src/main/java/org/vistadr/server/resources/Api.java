package org.vistadr.server.resources;

import java.util.List;
import java.util.function.Consumer;
import org.vistadr.server.access.Bearers;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.server.events.EventHub;
import org.vistadr.server.events.EventWatch;
import org.vistadr.server.health.ProtectionReport;
import org.vistadr.server.jobs.Schedules;

/// The whole HTTP API: every resource, and what guards them.
///
/// @param events what happens, for those who listen
/// @param refused told of each refused request, with the caller's role or `none`
public record Api(
    Engine engine,
    Schedules schedules,
    SiteWatch watch,
    ProtectionReport report,
    Bearers bearers,
    EventHub events,
    Consumer<String> refused) {

  /// Every class with routes.
  public static final List<Class<?>> ROUTES =
      List.of(
          StatusResource.class,
          SitesResource.class,
          ObjectsResource.class,
          ContentResource.class,
          LinksResource.class,
          DiffResource.class,
          FindResource.class,
          TasksResource.class,
          RunsResource.class,
          SecondariesResource.class,
          BrakeResource.class,
          HeldResource.class,
          AuditResource.class,
          VerificationsResource.class,
          FindingsResource.class,
          CheckpointsResource.class,
          BucketConfigResource.class,
          DrillsResource.class,
          PrunePlansResource.class,
          HoldsResource.class,
          RestorePlansResource.class,
          RestoresResource.class,
          EventsResource.class,
          EndedRestoresResource.class,
          OpenApiResource.class);

  /// What looks for things to tell those who listen; it does not look yet.
  public EventWatch eventWatch() {
    return new EventWatch(events, EventSources.of(engine.catalog(), engine.restores(), report));
  }

  /// Reads the moments of requests.
  public Times times() {
    return new Times(engine.catalog().checkpoints());
  }

  /// What is registered.
  public List<Object> parts() {
    RunHistory history = new RunHistory(engine.catalog().runs());
    RepeatedRequests repeated = new RepeatedRequests(engine.catalog().requests(), engine.clock());
    Times times = times();
    return List.of(
        new StatusResource(report),
        new SitesResource(engine, watch),
        new ObjectsResource(engine, times),
        new ContentResource(engine, times),
        new LinksResource(engine),
        new DiffResource(engine, times),
        new FindResource(engine, times),
        new TasksResource(schedules, history),
        new RunsResource(history),
        new SecondariesResource(engine, schedules, report),
        new BrakeResource(engine),
        new HeldResource(engine, schedules),
        new AuditResource(engine.catalog().audit(), times),
        new VerificationsResource(engine),
        new FindingsResource(engine, schedules),
        new CheckpointsResource(engine, schedules, times, repeated),
        new BucketConfigResource(engine, times),
        new DrillsResource(engine),
        new PrunePlansResource(engine),
        new HoldsResource(engine, schedules),
        new RestorePlansResource(engine.restores(), repeated),
        new RestoresResource(engine.restores(), repeated),
        new EventsResource(events),
        new EndedRestoresResource(engine.restores(), repeated, engine.clock()),
        new OpenApiResource(),
        new RequestIds(),
        new Access(bearers, refused),
        new Audits(engine.catalog().audit(), engine.clock()),
        new KnownParameters(),
        new Problems());
  }
}
