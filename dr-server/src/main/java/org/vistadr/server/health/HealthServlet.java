package org.vistadr.server.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.Schedules;

/// `GET /health-check?type=alive|ready` on the admin port: 200 or 503 with the single answers.
///
/// Alive: no deadlock, the store answers; when it fails, restart. Ready: the store can be written
/// and tasks are started; never anything about a remote site, because a restore has to work while
/// the primary is down.
public final class HealthServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private final transient Engine engine;
  private final transient Schedules schedules;
  private final transient ObjectMapper json;

  /// @param json writes the answer
  public HealthServlet(Engine engine, Schedules schedules, ObjectMapper json) {
    this.engine = engine;
    this.schedules = schedules;
    this.json = json;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String type = Optional.ofNullable(request.getParameter("type")).orElse("ready");
    Map<String, Boolean> checks = new LinkedHashMap<>();
    switch (type) {
      case "alive" -> {
        checks.put(
            "no-deadlock", ManagementFactory.getThreadMXBean().findDeadlockedThreads() == null);
        checks.put("store-answers", engine.catalog().answers());
      }
      case "ready" -> {
        checks.put("store-answers", engine.catalog().answers());
        checks.put("store-writable", Files.isWritable(engine.directory()));
        checks.put("tasks-started", schedules.started());
      }
      default -> {
        response.sendError(HttpServletResponse.SC_BAD_REQUEST, "type is alive or ready");
        return;
      }
    }
    boolean healthy = checks.values().stream().allMatch(check -> check);
    response.setStatus(
        healthy ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("application/json");
    response.setHeader("Cache-Control", "no-store");
    json.writeValue(
        response.getOutputStream(), Map.of("type", type, "healthy", healthy, "checks", checks));
  }
}
