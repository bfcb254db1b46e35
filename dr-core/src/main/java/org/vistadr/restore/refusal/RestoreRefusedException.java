package org.vistadr.restore.refusal;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A request that is not carried out, with what to do instead. The message is lower case and has no
/// hint in it.
public final class RestoreRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Code code;
  private final String hint;
  private final transient Map<String, String> data;
  private final transient List<String> tryNext;

  /// @param message what is wrong, with the values
  /// @param hint what to do, for people
  /// @param data values for programs: `asked`, `earliest`, `recoveryPoint`, `scanBefore`,
  ///   `scanAfter` (instants), `nearest` (prefixes), `keys` (keys; both one a line), `confirm`
  ///   (`yes` or `bucket`), `restore` (an id), `state` (of a restore)
  public RestoreRefusedException(Code code, String message, String hint, Map<String, String> data) {
    this(code, message, hint, data, List.of());
  }

  /// @param tryNext command lines that would work
  public RestoreRefusedException(
      Code code, String message, String hint, Map<String, String> data, List<String> tryNext) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.data = Map.copyOf(data);
    this.tryNext = List.copyOf(tryNext);
  }

  /// Why.
  public Code code() {
    return code;
  }

  /// What to do.
  public String hint() {
    return hint;
  }

  /// Values for programs.
  public Map<String, String> data() {
    return data;
  }

  /// Command lines that would work.
  public List<String> tryNext() {
    return tryNext;
  }

  /// Why a request is refused.
  public enum Code {
    /// The moment is later than now.
    TIME_IN_FUTURE,
    /// Older than anything that is known; `earliest` says what is.
    TIME_TOO_OLD,
    /// The catalog does not reach the moment; `recoveryPoint` says how far it reaches.
    TIME_NOT_REACHED,
    /// The primary kept no versions and no scan was made at the moment; `scanBefore` and
    /// `scanAfter` say when one was.
    TIME_BETWEEN_SCANS,
    /// What keys held at the moment is ambiguous, and that was forbidden; `keys` names some.
    TIME_AMBIGUOUS_KEYS,
    /// No complete scan was made yet.
    SCAN_NEEDED,
    /// Nothing below the prefix at that moment.
    UNKNOWN_PREFIX,
    /// No such key at that moment, no such plan or restore.
    NOT_FOUND,
    /// The bytes are at no site that can be asked, or the named site is unknown.
    NO_SOURCE,
    /// There is no such target: the site is not configured, or the bucket does not exist.
    TARGET_UNKNOWN,
    /// The target must not be written to by this restore.
    TARGET_REFUSED,
    /// The target has too little room; `needed` and `free` say how much, in bytes.
    NO_ROOM,
    /// The plan's time is over.
    PLAN_EXPIRED,
    /// The plan was applied before; `restore` says as what.
    PLAN_USED,
    /// The bucket went away from what the plan saw; `changed` and `keys` say how.
    PLAN_CHANGED,
    /// The plan has to be confirmed; `confirm` says how.
    CONFIRMATION_REQUIRED,
    /// Not in the state that this needs; `state` says in which.
    WRONG_STATE,
    /// The restore is undone already, or is being undone; `restore` says by which one.
    ALREADY_UNDONE,
    /// The restore wrote nothing.
    NOTHING_TO_UNDO,
    /// What the restore replaced is kept nowhere.
    UNDO_IMPOSSIBLE;

    /// The code in answers: `time-too-old`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
