package org.vistadr.server.events;

import java.time.Instant;

/// Something that happened.
///
/// @param number grows by one with each event of this process
/// @param at when it was noticed
/// @param topic what it is about: `restore:r-7f30`, `replication`, `alerts`
/// @param name `progress`, `state` or `alert`
/// @param data one line of JSON
public record Event(long number, Instant at, String topic, String name, String data) {}
