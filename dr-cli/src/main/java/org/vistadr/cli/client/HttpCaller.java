package org.vistadr.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Problem;
import org.vistadr.api.WireJson;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// One HTTP request and what its answer says. The JDK's old client, because it starts in a quarter
/// of the time of the new one. Redirects are not followed: the token is for one daemon.
/// Thread-safe.
final class HttpCaller {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int MOST_OF_A_PROBLEM = 1 << 20;
  private static final int USUAL_READ_MILLIS = 60_000;
  private static final int LONGEST_WORK_HOURS = 12;
  private static final Duration BETWEEN_ASKS = Duration.ofSeconds(2);

  private final ServerSettings settings;
  private final int readMillis;
  private final ObjectMapper mapper = WireJson.mapper();
  private final Optional<String> token;

  HttpCaller(ServerSettings settings, Duration patience) {
    this.settings = settings;
    this.token = settings.token();
    this.readMillis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, patience.toMillis()));
  }

  <T> T get(String path, TypeReference<T> type) {
    return read(open("GET", path, null, Map.of()), type);
  }

  <T> T post(String path, Object body, Map<String, String> headers, TypeReference<T> type) {
    return read(open("POST", path, body, headers), type);
  }

  <T> T delete(String path, TypeReference<T> type) {
    return read(open("DELETE", path, null, Map.of()), type);
  }

  /// Sends a request that starts long work, and asks again with the same key until it is done: a
  /// repetition starts nothing twice.
  <T> T postPatiently(
      String path, Object body, Map<String, String> headers, TypeReference<T> type) {
    long begun = System.nanoTime();
    // A shorter patience than usual was asked for on the command line.
    long longest =
        readMillis < USUAL_READ_MILLIS
            ? TimeUnit.MILLISECONDS.toNanos(readMillis)
            : TimeUnit.HOURS.toNanos(LONGEST_WORK_HOURS);
    while (true) {
      try {
        return post(path, body, headers, type);
      } catch (CommandFailure failure) {
        boolean underWay =
            failure.code().equals("request-under-way")
                || failure.getCause() instanceof SocketTimeoutException;
        if (!underWay || System.nanoTime() - begun > longest) {
          throw failure;
        }
        pauseBeforeNextAsk(failure);
      }
    }
  }

  private static void pauseBeforeNextAsk(CommandFailure failure) {
    try {
      Thread.sleep(BETWEEN_ASKS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  /// The answer's body as it comes, for content.
  ///
  /// @param range a part of it, as `first-last`; nothing else is taken for it
  Content content(String path, Optional<String> range) {
    HttpURLConnection connection =
        open(
            "GET",
            path,
            null,
            range.map(bytes -> Map.of("Range", "bytes=" + bytes)).orElse(Map.of()));
    try {
      if (range.isPresent()) {
        if (connection.getResponseCode() != HttpURLConnection.HTTP_PARTIAL) {
          connection.disconnect();
          throw CommandFailure.of(
              ExitCode.UNREACHABLE, "range-ignored", "the whole object came instead of a range");
        }
        // The hash is that of the whole object.
        return new Content(
            connection.getInputStream(),
            connection.getContentLengthLong(),
            Optional.empty(),
            isAmbiguous(connection));
      }
      return new Content(
          connection.getInputStream(),
          connection.getContentLengthLong(),
          Optional.ofNullable(connection.getHeaderField("x-vistadr-sha256")),
          isAmbiguous(connection));
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  private <T> T read(HttpURLConnection connection, TypeReference<T> type) {
    try (InputStream body = connection.getInputStream()) {
      byte[] bytes = body.readAllBytes();
      // A 204 says all that is to say.
      return mapper.readValue(
          bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes, type);
    } catch (JsonProcessingException notOurs) {
      throw CommandFailure.of(
              ExitCode.UNREACHABLE,
              "not-a-daemon",
              settings.server() + " answered, but not as a VISTA DR daemon does")
          .hint("check the address: --server, VISTADR_SERVER or cli.yml")
          .because(notOurs);
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  private HttpURLConnection open(
      String method, String path, @Nullable Object body, Map<String, String> headers) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(settings.server() + "/api/v1" + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(readMillis);
      connection.setRequestProperty(
          "Accept", "application/json, application/problem+json, */*;q=0.1");
      token.ifPresent(text -> connection.setRequestProperty("Authorization", "Bearer " + text));
      headers.forEach(connection::setRequestProperty);
      if (body != null) {
        byte[] bytes = mapper.writeValueAsBytes(body);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      int status = connection.getResponseCode();
      if (status < 200 || status > 299) {
        JsonNode answer = problem(connection);
        throw Problems.failure(status, read(answer), moments(answer), settings);
      }
      return connection;
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  private static boolean isAmbiguous(HttpURLConnection connection) {
    return connection.getHeaderField("x-vistadr-ambiguous") != null;
  }

  private JsonNode problem(HttpURLConnection connection) {
    try (InputStream body = connection.getErrorStream()) {
      return body == null
          ? MissingNode.getInstance()
          : mapper.readTree(body.readNBytes(MOST_OF_A_PROBLEM));
    } catch (IOException notAProblem) {
      return MissingNode.getInstance();
    }
  }

  private Optional<Problem> read(JsonNode answer) {
    try {
      return answer.isObject()
          ? Optional.of(mapper.treeToValue(answer, Problem.class))
          : Optional.empty();
    } catch (JsonProcessingException notAProblem) {
      return Optional.empty();
    }
  }

  private static Map<String, Instant> moments(JsonNode answer) {
    Map<String, Instant> moments = new LinkedHashMap<>();
    for (String name : Problems.MOMENTS) {
      try {
        Optional.ofNullable(answer.get(name))
            .map(JsonNode::asText)
            .map(Instant::parse)
            .ifPresent(moment -> moments.put(name, moment));
      } catch (DateTimeParseException notAMoment) {
        // Another program's answer, or a newer one's.
      }
    }
    return moments;
  }

  private CommandFailure unreachable(IOException broken) {
    String reason =
        switch (broken) {
          case ConnectException _ -> "nothing listens there";
          case UnknownHostException _ -> "unknown host";
          case SocketTimeoutException _ -> "no answer in time";
          default -> String.valueOf(broken.getMessage());
        };
    if (settings.isDirect()) {
      return CommandFailure.of(
              ExitCode.UNEXPECTED, "direct-ended", "the engine of this command is gone: " + reason)
          .hint("what was done is recorded; direct.log beside the catalog says more")
          .because(broken);
    }
    CommandFailure failure =
        CommandFailure.of(
                ExitCode.UNREACHABLE,
                "server-unreachable",
                "cannot reach the daemon at %s: %s".formatted(settings.server(), reason))
            .because(broken);
    return settings.isLocal()
        ? failure
            .hint(
                "start the daemon, name another with --server or VISTADR_SERVER, or do without one")
            .tryNext(List.of("vistadr daemon config.yml", "vistadr --direct status"))
        : failure.hint("check the address, the network and that the daemon runs");
  }

  /// @param body to be closed by the caller
  /// @param length bytes announced; -1 when unknown
  /// @param sha256 the content's recorded hash, in hexadecimal
  /// @param ambiguous whether the key may have held something else at the moment
  record Content(InputStream body, long length, Optional<String> sha256, boolean ambiguous) {}
}
