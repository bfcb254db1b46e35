package org.vistadr.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.vistadr.server.events.EventWatch.Sight;

/// Who is told what, what is replayed, and what happens to those who do not keep up.
final class EventHubTest {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T03:00:00Z"));
  private final EventHub hub = new EventHub(now::get);

  @Test
  void listenersGetTheTopicsThatTheyAskedFor() throws Exception {
    try (var one = listen(Set.of("restore:r-1"), Optional.empty());
        var restores = listen(Set.of("restore"), Optional.empty());
        var all = listen(Set.of(), Optional.empty())) {
      hub.publish("restore:r-1", "state", "1");
      hub.publish("restore:r-2", "state", "2");
      hub.publish("replication", "progress", "3");
      assertThat(taken(one)).containsExactly("1");
      assertThat(taken(restores)).containsExactly("1", "2");
      assertThat(taken(all)).containsExactly("1", "2", "3");
      assertThat(hub.listeners()).isEqualTo(3);
    }
    assertThat(hub.listeners()).isZero();
  }

  @Test
  void whoComesBackGetsWhatWasMissed() {
    hub.publish("replication", "state", "1");
    String id;
    try (var first = listen(Set.of(), Optional.empty())) {
      hub.publish("replication", "state", "2");
      id = first.id(takenEvents(first).getFirst());
    }
    hub.publish("replication", "state", "3");
    hub.publish("alerts", "alert", "4");
    now.updateAndGet(at -> at.plus(Duration.ofMinutes(61)));
    hub.publish("replication", "state", "5");
    try (var back = listen(Set.of("replication"), Optional.of(id))) {
      assertThat(back.unknownStart()).isFalse();
      assertThat(back.missed()).extracting(Event::data).containsExactly("3", "5");
    }
  }

  @Test
  void whoWasAwayTooLongStartsAnew() {
    hub.publish("replication", "state", "1");
    String id;
    try (var first = listen(Set.of(), Optional.empty())) {
      hub.publish("replication", "state", "2");
      id = first.id(takenEvents(first).getFirst());
    }
    hub.publish("replication", "state", "3");
    now.updateAndGet(at -> at.plus(Duration.ofHours(3)));
    hub.publish("replication", "state", "4");
    for (var unknown : List.of(id, "other-1", "nonsense", "9-99999999999999999999")) {
      try (var back = listen(Set.of(), Optional.of(unknown))) {
        assertThat(back.unknownStart()).as(unknown).isTrue();
        assertThat(back.missed()).isEmpty();
      }
    }
  }

  @Test
  void whoDoesNotKeepUpIsDroppedAndTold() throws Exception {
    var slow = listen(Set.of(), Optional.empty());
    for (int i = 0; i < 5_000; i++) {
      hub.publish("replication", "progress", String.valueOf(i));
    }
    assertThat(slow.tooSlow()).isTrue();
    assertThat(hub.listeners()).isZero();
    var out = new ByteArrayOutputStream();
    new EventWriter(Duration.ofMillis(5)).write(slow, out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("retry: 3000\n\nid: ")
        .contains("event: progress\ndata: 0\n\n")
        .endsWith("event: reset\ndata: {}\n\n");
  }

  @Test
  void silenceIsBrokenByComments() throws Exception {
    var quiet = listen(Set.of(), Optional.of("other-1"));
    var out = new ByteArrayOutputStream();
    var writing =
        Thread.ofVirtual()
            .start(() -> {
              try {
                new EventWriter(Duration.ofMillis(5)).write(quiet, out);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    while (!out.toString(StandardCharsets.UTF_8).contains(": heartbeat\n\n: heartbeat\n\n")) {
      Thread.onSpinWait();
    }
    hub.close();
    writing.join();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("retry: 3000\n\nevent: reset\ndata: {}\n\n: heartbeat\n\n");
  }

  @Test
  void thereIsABoundOnListeners() {
    for (int i = 0; i < EventHub.MOST_LISTENERS; i++) {
      listen(Set.of(), Optional.empty());
    }
    assertThat(hub.subscribe(Set.of(), Optional.empty())).isEmpty();
  }

  @Test
  void onlyChangesAreTold() {
    try (var watch = new EventWatch(hub, List.of());
        var all = listen(Set.of(), Optional.empty())) {
      watch.see(new Sight("restore:r-1", "", "state", "running", "{1}"));
      watch.see(new Sight("restore:r-1", "", "state", "running", "{1}"));
      watch.see(new Sight("restore:r-1", "", "state", "running", "{2}"));
      watch.see(new Sight("restore:r-1", "", "state", "completed", "{3}"));
      watch.see(new Sight("alerts", "", "alert", "late", "{4}"));
      assertThat(takenEvents(all))
          .extracting(event -> event.name() + event.data())
          .containsExactly("state{1}", "progress{2}", "state{3}", "alert{4}");
    }
  }

  private Subscription listen(Set<String> topics, Optional<String> lastId) {
    return hub.subscribe(topics, lastId).orElseThrow();
  }

  private static List<String> taken(Subscription subscription) {
    return takenEvents(subscription).stream().map(Event::data).toList();
  }

  private static List<Event> takenEvents(Subscription subscription) {
    var events = new java.util.ArrayList<Event>();
    try {
      for (var event = subscription.next(Duration.ZERO);
          event.isPresent();
          event = subscription.next(Duration.ZERO)) {
        events.add(event.get());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return events;
  }
}
