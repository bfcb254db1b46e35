package org.vistadr.server.events;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One who listens. Events are offered by many threads and taken by one.
public final class Subscription implements AutoCloseable {

  private static final int MOST_WAITING = 1024;

  private final EventHub hub;
  private final Set<String> topics;
  private final List<Event> missed;
  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final boolean unknownStart;
  private volatile boolean tooSlow;
  private volatile boolean closed;

  Subscription(EventHub hub, Set<String> topics, boolean unknownStart, List<Event> missed) {
    this.hub = hub;
    this.topics = Set.copyOf(topics);
    this.unknownStart = unknownStart;
    this.missed = missed.stream().filter(this::wants).toList();
  }

  void offer(Event event) {
    if (wants(event) && !tooSlow && !waiting.offer(event)) {
      tooSlow = true;
      hub.remove(this);
    }
  }

  private boolean wants(Event event) {
    return topics.isEmpty()
        || topics.contains(event.topic())
        || (event.topic().startsWith("restore:") && topics.contains("restore"));
  }

  /// Whether it is not known what came since the listener's last event: it has to look anew.
  public boolean unknownStart() {
    return unknownStart;
  }

  /// What came since the listener's last event.
  public List<Event> missed() {
    return missed;
  }

  /// Whether the listener did not keep up: events are lost, and no more come.
  public boolean tooSlow() {
    return tooSlow;
  }

  /// Whether listening is over.
  public boolean closed() {
    return closed;
  }

  /// The next event, if one comes in time.
  public Optional<Event> next(Duration atMost) throws InterruptedException {
    return Optional.ofNullable(waiting.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
  }

  /// The id of an event, for the listener to come back with.
  public String id(Event event) {
    return hub.id(event);
  }

  @Override
  public void close() {
    closed = true;
    hub.remove(this);
  }
}
