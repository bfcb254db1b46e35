package org.vistadr.restore.refusal;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.StateAt;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// What plans and refusals say about keys whose state is ambiguous.
public final class DoubtWords {

  /// Keys named in a refusal.
  public static final int KEYS_NAMED = 10;

  private DoubtWords() {}

  /// The reason of an item with what else may have been there: "changed since; ambiguous: it
  /// changed more than once within that second, or it was gone".
  public static String of(RestoreItem item, StateAt.Ambiguous doubt) {
    return "%s; ambiguous: %s, so it may have %s"
        .formatted(item.reason(), doubt.doubt().words(), other(doubt.other()));
  }

  /// A plan or a view that must be certain is not.
  ///
  /// @param keys some of the ambiguous ones
  public static RestoreRefusedException refusal(List<String> keys) {
    return new RestoreRefusedException(
        Code.TIME_AMBIGUOUS_KEYS,
        "what these keys held at that moment is ambiguous: " + String.join("  ", keys),
        "name another moment, or leave 'strict' out and get the answer of the listing's order",
        Map.of("keys", String.join("\n", keys)));
  }

  private static String other(StateAt.Other other) {
    return switch (other) {
      case StateAt.NeverSeen() -> "held something that nobody saw";
      case StateAt.Recorded recorded ->
          recorded
              .content()
              .map(version ->
                  "held version %s of %s, %d bytes"
                      .formatted(
                          version.versionId(),
                          version.lastModified().truncatedTo(ChronoUnit.SECONDS),
                          version.entry().bytes()))
              .orElse("held nothing");
    };
  }
}
