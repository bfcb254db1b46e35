package org.vistadr.server.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.glassfish.jersey.server.ParamException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.vistadr.api.Problem;
import org.vistadr.catalog.CatalogException;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.server.engine.Hints;
import org.vistadr.server.jobs.RefusedException;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.AlreadyRunningException;

/// Every failure becomes a problem document (RFC 9457) with a code, a hint and the request's id;
/// never a stack trace.
@Provider
public final class Problems implements ExceptionMapper<Throwable> {

  /// The media type.
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  @Override
  public Response toResponse(Throwable failure) {
    Response response = answer(failure);
    if (response.getStatus() >= 500
        && !(failure instanceof StorageException)
        && !(failure instanceof CatalogException)) {
      LOG.error("request failed requestId={}", requestId().orElse(""), failure);
    }
    return response;
  }

  private Response answer(Throwable failure) {
    return switch (failure) {
      case ApiException e ->
          problem(e.status(), e.code(), e.getMessage(), e.hint(), e.tryNext(), Map.of());
      case RestoreRefusedException e ->
          problem(
              status(e.code()),
              e.code().text(),
              e.getMessage(),
              Optional.of(e.hint()).filter(hint -> !hint.isEmpty()),
              e.tryNext(),
              e.data());
      case RefusedException e -> refused(e);
      case StorageException e -> site(e);
      case AlreadyRunningException e ->
          problem(
              409,
              "already-running",
              e.getMessage(),
              Optional.of("wait for it: vistadr task list"),
              List.of("vistadr task list"),
              Map.of());
      case JsonProcessingException e -> body(e);
      case CatalogException e ->
          problem(
              503,
              "store-failed",
              e.getMessage(),
              Optional.of("see the daemon's log"),
              List.of(),
              Map.of());
      case WebApplicationException e -> web(e);
      default ->
          problem(
              500,
              "unexpected",
              "the daemon met something it did not expect",
              Optional.of("look for the request's id in the daemon's log"),
              List.of(),
              Map.of());
    };
  }

  private static int status(RestoreRefusedException.Code code) {
    return switch (code) {
      case TIME_IN_FUTURE, TIME_TOO_OLD, TIME_NOT_REACHED, TARGET_REFUSED -> 400;
      case UNKNOWN_PREFIX, NOT_FOUND, TARGET_UNKNOWN -> 404;
      case TIME_BETWEEN_SCANS,
          TIME_AMBIGUOUS_KEYS,
          SCAN_NEEDED,
          PLAN_USED,
          PLAN_CHANGED,
          WRONG_STATE,
          NO_SOURCE,
          NO_ROOM,
          ALREADY_UNDONE,
          NOTHING_TO_UNDO,
          UNDO_IMPOSSIBLE ->
          409;
      case PLAN_EXPIRED -> 410;
      case CONFIRMATION_REQUIRED -> 412;
    };
  }

  private Response refused(RefusedException e) {
    return switch (e.reason()) {
      case UNKNOWN ->
          problem(
              404,
              "not-found",
              e.getMessage(),
              Optional.of("see which tasks there are"),
              List.of("vistadr task list"),
              Map.of());
      case RUNNING ->
          problem(
              409,
              "already-running",
              e.getMessage(),
              Optional.of("wait for the run that is under way"),
              List.of("vistadr task list"),
              Map.of());
      case PAUSED ->
          problem(
              409,
              "task-paused",
              e.getMessage(),
              Optional.of("a person paused it; find out why, then resume it"),
              List.of("vistadr task list"),
              Map.of());
      case NOT_SCHEDULED ->
          problem(
              409,
              "not-scheduled",
              e.getMessage(),
              Optional.of("start the daemon; it scans and replicates at once"),
              List.of("vistadr daemon config.yml"),
              Map.of());
    };
  }

  private Response site(StorageException e) {
    boolean away =
        e instanceof StorageException.Unavailable || e instanceof StorageException.Throttled;
    Response.ResponseBuilder response =
        Response.fromResponse(
            problem(
                away ? 503 : 502,
                away ? "site-unreachable" : "site-error",
                e.getMessage(),
                Optional.of(Hints.of(e)),
                List.of("vistadr check " + e.site()),
                Map.of("site", e.site().value())));
    return away ? response.header("Retry-After", 30).build() : response.build();
  }

  private Response body(JsonProcessingException e) {
    if (e.getCause() instanceof ApiException refused) {
      return answer(refused);
    }
    if (e instanceof PropertyBindingException unknown) {
      return problem(
          400,
          "unknown-field",
          "there is no field '%s' here".formatted(unknown.getPropertyName()),
          Optional.of(
              Optional.ofNullable(unknown.getKnownPropertyIds()).stream()
                  .flatMap(java.util.Collection::stream)
                  .map(String::valueOf)
                  .sorted()
                  .collect(Collectors.joining(", ", "fields are ", ""))),
          List.of(),
          Map.of());
    }
    String where =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[]" : step.getFieldName())
                .collect(Collectors.joining("."))
            : "";
    return problem(
        400,
        "malformed-json",
        where.isEmpty() ? "the body is not JSON" : "%s has the wrong shape".formatted(where),
        Optional.of("times are RFC 3339 with an offset, sizes are bytes; see /api/v1/openapi.json"),
        List.of(),
        Map.of());
  }

  private Response web(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    if (status < 400) {
      return e.getResponse();
    }
    if (e instanceof ParamException parameter) {
      return problem(
          400,
          "parameter-invalid",
          "%s has the wrong shape".formatted(parameter.getParameterName()),
          Optional.of("see /api/v1/openapi.json"),
          List.of(),
          Map.of());
    }
    String reason = e.getResponse().getStatusInfo().getReasonPhrase();
    String code =
        status == 404 ? "no-such-path" : reason.toLowerCase(Locale.ROOT).replace(' ', '-');
    return problem(
        status,
        code,
        reason.toLowerCase(Locale.ROOT),
        Optional.of("the paths are in /api/v1/openapi.json"),
        List.of(),
        Map.of());
  }

  private Response problem(
      int status,
      String code,
      @Nullable String detail,
      Optional<String> hint,
      List<String> tryNext,
      Map<String, String> data) {
    Problem problem =
        new Problem(
            "about:blank",
            code.replace('-', ' '),
            status,
            Optional.ofNullable(detail).orElse(code),
            code,
            hint,
            tryNext,
            Optional.empty(),
            requestId());
    return Access.challenge(Response.status(status), status)
        .type(MEDIA_TYPE)
        .entity(data.isEmpty() ? problem : new ProblemWithData(problem, data))
        .build();
  }

  private Optional<String> requestId() {
    return Optional.ofNullable(MDC.get(RequestIds.PROPERTY));
  }
}
