package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;

/// A rate of bytes.
///
/// @param bytesPerSecond at least 1
public record Rate(long bytesPerSecond) {

  /// Reads `200 Mbit/s` or `10 MiB/s`.
  @JsonCreator
  public static Rate parse(String text) {
    return new Rate(Quantities.bytesPerSecond(text));
  }
}
