package org.vistadr.server.resources;

import java.util.List;
import java.util.Optional;

/// A request that is answered with a problem.
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String hint;
  private final transient List<String> tryNext;

  /// @param code stable word
  /// @param hint what to do; empty for none
  /// @param tryNext command lines that would work
  ApiException(int status, String code, String detail, String hint, List<String> tryNext) {
    super(detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.tryNext = List.copyOf(tryNext);
  }

  static ApiException bad(String code, String detail, String hint) {
    return new ApiException(400, code, detail, hint, List.of());
  }

  static ApiException missing(String detail, String hint, String... tryNext) {
    return new ApiException(404, "not-found", detail, hint, List.of(tryNext));
  }

  static ApiException conflict(String code, String detail, String hint, String... tryNext) {
    return new ApiException(409, code, detail, hint, List.of(tryNext));
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  Optional<String> hint() {
    return Optional.of(hint).filter(text -> !text.isEmpty());
  }

  List<String> tryNext() {
    return tryNext;
  }
}
