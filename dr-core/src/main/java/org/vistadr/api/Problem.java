package org.vistadr.api;

import java.util.List;
import java.util.Optional;

/// An error as `application/problem+json` (RFC 9457), with what to do next.
///
/// @param type `about:blank` or a reference to the runbook
/// @param title short, the same for all problems of this code
/// @param status HTTP status
/// @param detail what is wrong here
/// @param code stable word: `time-needs-zone`, `not-found`, ...
/// @param hint what to do
/// @param tryNext command lines that would work
/// @param runbook name of a runbook
/// @param requestId to find it in the log
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    Optional<String> hint,
    @com.fasterxml.jackson.annotation.JsonProperty("try") List<String> tryNext,
    Optional<String> runbook,
    Optional<String> requestId) {}
