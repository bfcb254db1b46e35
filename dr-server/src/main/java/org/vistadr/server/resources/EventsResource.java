package org.vistadr.server.resources;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vistadr.server.config.Role;
import org.vistadr.server.events.EventHub;
import org.vistadr.server.events.EventWriter;
import org.vistadr.server.events.Subscription;

/// `/events`: what happens, as server-sent events.
@Path("/api/v1/events")
public final class EventsResource {

  /// The media type.
  static final String MEDIA_TYPE = "text/event-stream";

  private static final Pattern TOPIC = Pattern.compile("restore(:r-[0-9a-z]+)?|replication|alerts");
  private static final EventWriter WRITER = new EventWriter(Duration.ofSeconds(15));

  private final EventHub hub;

  /// @param hub where events come from
  public EventsResource(EventHub hub) {
    this.hub = hub;
  }

  /// Events from now on, or from the last one that the caller knows. `topics` is a list of
  /// `restore:ID`, `restore`, `replication` and `alerts`; without it everything is told.
  @GET
  @Produces(MEDIA_TYPE)
  @Needs(Role.VIEWER)
  public Response events(
      @QueryParam("topics") @Nullable String topics,
      @HeaderParam("Last-Event-ID") @Nullable String lastId) {
    Subscription subscription =
        hub.subscribe(topics(topics), Optional.ofNullable(lastId).filter(id -> !id.isEmpty()))
            .orElseThrow(() ->
                new ApiException(
                    503,
                    "too-many-listeners",
                    "%d listen already".formatted(EventHub.MOST_LISTENERS),
                    "ask now and then instead: /restores/{id}?wait=20s",
                    List.of()));
    StreamingOutput stream =
        out -> {
          try (subscription) {
            WRITER.write(subscription, out);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    return Response.ok(stream, MEDIA_TYPE)
        .header("Cache-Control", "no-cache")
        .header("X-Accel-Buffering", "no")
        .build();
  }

  private static Set<String> topics(@Nullable String text) {
    if (text == null) {
      return Set.of();
    }
    Set<String> topics = Arrays.stream(text.split(",")).collect(Collectors.toSet());
    for (String topic : topics) {
      if (!TOPIC.matcher(topic).matches()) {
        throw ApiException.bad(
            "topic-unknown",
            "there is no topic '%s'".formatted(topic),
            "topics are restore:ID, restore, replication, alerts");
      }
    }
    return topics;
  }
}
