package org.vistadr.server.events;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks each second how things stand and publishes what changed. Remembers the last thousand
/// subjects.
public final class EventWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);
  private static final int MOST_SUBJECTS = 1000;

  private final EventHub hub;
  private final List<Source> sources;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<String, Sight> before =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sight> eldest) {
          return size() > MOST_SUBJECTS;
        }
      };

  /// @param hub told of changes
  public EventWatch(EventHub hub, List<Source> sources) {
    this.hub = hub;
    this.sources = List.copyOf(sources);
  }

  /// Where sights come from.
  ///
  /// @param everySeconds how often it is asked
  /// @param sights how things stand now
  public record Source(int everySeconds, Supplier<List<Sight>> sights) {}

  /// How one thing stands.
  ///
  /// @param topic the topic of its events
  /// @param subject tells it from others of the topic
  /// @param event the name of the event when the state changes: `state` or `alert`
  /// @param state a change of this is told as such
  /// @param data one line of JSON; a change of this alone is progress
  public record Sight(String topic, String subject, String event, String state, String data) {}

  /// Begins to look, in the background.
  public void start() {
    Thread.ofVirtual().name("event-watch").start(this::run);
  }

  private void run() {
    try {
      for (long second = 0; !stopped.await(1, TimeUnit.SECONDS); second++) {
        for (var source : sources) {
          if (second % source.everySeconds() == 0) {
            look(source);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Source source) {
    try {
      source.sights().get().forEach(this::see);
    } catch (RuntimeException e) {
      LOG.warn("events are late: {}", e.toString());
    }
  }

  /// Publishes what changed of one thing since it was seen last. What is seen for the first time
  /// has a state that is news.
  void see(Sight now) {
    var last = Optional.ofNullable(before.put(now.topic() + " " + now.subject(), now));
    if (last.isEmpty() || !last.get().state().equals(now.state())) {
      hub.publish(now.topic(), now.event(), now.data());
    } else if (!last.get().data().equals(now.data())) {
      hub.publish(now.topic(), "progress", now.data());
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    hub.close();
  }
}
