package org.vistadr.server.events;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/// Hands events to those who listen, and keeps the last ones for those who come back. Bounded:
/// events are kept for two hours and no more than fit, a listener that does not keep up is dropped
/// and told to start anew. Safe for use by many threads.
public final class EventHub implements AutoCloseable {

  /// The most listeners at once.
  public static final int MOST_LISTENERS = 64;

  /// Four restores that tell of their progress each second fill an hour with less.
  private static final int MOST_EVENTS = 16_384;

  private static final Duration KEPT = Duration.ofHours(2);

  private final InstantSource clock;
  private final String process;
  private final Deque<Event> kept = new ArrayDeque<>();
  private final Set<Subscription> listeners = new CopyOnWriteArraySet<>();
  private long last;
  private boolean closed;

  /// @param clock the daemon's clock
  public EventHub(InstantSource clock) {
    this.clock = clock;
    this.process = Long.toString(clock.millis(), Character.MAX_RADIX);
  }

  /// Tells everybody who listens to the topic.
  public synchronized void publish(String topic, String name, String data) {
    var now = clock.instant();
    last++;
    var event = new Event(last, now, topic, name, data);
    kept.addLast(event);
    while (kept.size() > MOST_EVENTS || kept.getFirst().at().isBefore(now.minus(KEPT))) {
      kept.removeFirst();
    }
    for (var listener : listeners) {
      listener.offer(event);
    }
  }

  /// Begins to listen.
  ///
  /// @param topics which; `restore` stands for every restore, none for everything
  /// @param lastId the last event that the listener knows; what came since is told first, or a
  ///   reset when that is not known any more
  /// @return empty when too many listen already
  public synchronized Optional<Subscription> subscribe(
      Set<String> topics, Optional<String> lastId) {
    if (listeners.size() >= MOST_LISTENERS || closed) {
      return Optional.empty();
    }
    Optional<List<Event>> missed = lastId.flatMap(this::since);
    var subscription =
        new Subscription(
            this, topics, lastId.isPresent() && missed.isEmpty(), missed.orElse(List.of()));
    listeners.add(subscription);
    return Optional.of(subscription);
  }

  /// Events after one; empty when it is not known what came after it.
  private Optional<List<Event>> since(String id) {
    int dash = id.indexOf('-');
    long number;
    try {
      number = Long.parseLong(id.substring(dash + 1));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
    boolean ours = dash > 0 && id.substring(0, dash).equals(process) && number <= last;
    long oldest = kept.isEmpty() ? last + 1 : kept.getFirst().number();
    return ours && number >= oldest - 1
        ? Optional.of(kept.stream().filter(event -> event.number() > number).toList())
        : Optional.empty();
  }

  /// The id of an event as listeners see it: tells processes apart.
  String id(Event event) {
    return process + "-" + event.number();
  }

  /// How many listen.
  public int listeners() {
    return listeners.size();
  }

  void remove(Subscription subscription) {
    listeners.remove(subscription);
  }

  /// Ends all listening.
  @Override
  public synchronized void close() {
    closed = true;
    listeners.forEach(Subscription::close);
  }
}
