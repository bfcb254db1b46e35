package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import org.vistadr.model.RetentionPolicy;

/// `retention:` of the protection or of a secondary.
///
/// @param policy empty keeps everything
public record RetentionSection(Optional<RetentionPolicy> policy) {

  /// Everything is kept.
  public static final RetentionSection FOREVER = new RetentionSection(Optional.empty());

  private static final String NEVER = "forever";

  /// Reads the section.
  ///
  /// @param keepAll a time such as `35d`, or `forever`
  @JsonCreator
  public static RetentionSection of(
      Optional<String> keepAll,
      Optional<Integer> daily,
      Optional<Integer> weekly,
      Optional<Integer> monthly,
      Optional<Integer> yearly) {
    String text =
        keepAll.orElseThrow(() ->
            new IllegalArgumentException(
                "keepAll is missing: say how long every version stays, 35d, or forever"));
    if (text.equals(NEVER)) {
      if (daily.isPresent() || weekly.isPresent() || monthly.isPresent() || yearly.isPresent()) {
        throw new IllegalArgumentException(
            "what is kept forever needs no daily, weekly, monthly or yearly");
      }
      return FOREVER;
    }
    return new RetentionSection(
        Optional.of(
            new RetentionPolicy(
                Quantities.duration(text),
                daily.orElse(0),
                weekly.orElse(0),
                monthly.orElse(0),
                yearly.orElse(0))));
  }
}
