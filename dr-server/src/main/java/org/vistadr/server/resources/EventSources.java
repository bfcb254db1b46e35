package org.vistadr.server.resources;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.Status;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Restore;
import org.vistadr.restore.Restores;
import org.vistadr.server.events.EventWatch.Sight;
import org.vistadr.server.events.EventWatch.Source;
import org.vistadr.server.health.ProtectionReport;

/// How restores, replication and protection stand, in the words of the API.
final class EventSources {

  private static final ObjectMapper JSON = WireJson.mapper();
  private static final int NEWEST = 10;

  private EventSources() {}

  static List<Source> of(Catalog catalog, Restores restores, ProtectionReport report) {
    RestoreViews views = new RestoreViews(restores);
    return List.of(
        new Source(1, () -> restores(catalog, views)), new Source(5, () -> protection(report)));
  }

  /// Those that are not over, and the newest, which may have begun and ended between two looks.
  private static List<Sight> restores(Catalog catalog, RestoreViews views) {
    Map<String, Restore> looked = new LinkedHashMap<>();
    catalog.restores().list(NEWEST, Optional.empty()).forEach(r -> looked.put(r.id(), r));
    catalog.restores().unfinished().forEach(r -> looked.put(r.id(), r));
    return looked.values().stream()
        .map(restore ->
            new Sight(
                "restore:" + restore.id(),
                "",
                "state",
                restore.state().text(),
                json(views.view(restore))))
        .toList();
  }

  private static List<Sight> protection(ProtectionReport report) {
    Status now = report.now();
    List<Sight> sights = new ArrayList<>();
    for (Status.Secondary secondary : now.secondaries()) {
      sights.add(
          new Sight(
              "replication",
              secondary.name(),
              "state",
              secondary.state(),
              json(
                  new Replication(
                      secondary.name(),
                      secondary.state(),
                      secondary.reason(),
                      secondary.recoveryPoint().map(Object::toString),
                      secondary.pending()))));
    }
    Protection protection = new Protection(now.isProtected(), now.reasons());
    sights.add(new Sight("alerts", "", "alert", protection.toString(), json(protection)));
    return sights;
  }

  private static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer can be written", e);
    }
  }

  /// A secondary in an event.
  private record Replication(
      String name,
      String state,
      String reason,
      Optional<String> recoveryPoint,
      Status.Amount pending) {}

  /// Protection in an event.
  private record Protection(@JsonProperty("protected") boolean isProtected, List<String> reasons) {}
}
