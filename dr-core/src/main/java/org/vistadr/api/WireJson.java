package org.vistadr.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/// How wire records become JSON: times as RFC 3339 in UTC, absent values left out, durations in
/// whole seconds by name (`...Seconds`), unknown fields ignored by readers so that fields can be
/// added.
public final class WireJson {

  private WireJson() {}

  /// A new mapper.
  public static ObjectMapper mapper() {
    return configure(JsonMapper.builder().build());
  }

  /// Sets an existing mapper up in the same way.
  public static ObjectMapper configure(ObjectMapper mapper) {
    return mapper
        .registerModule(new Jdk8Module())
        .registerModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .setDefaultPropertyInclusion(JsonInclude.Include.NON_ABSENT);
  }
}
