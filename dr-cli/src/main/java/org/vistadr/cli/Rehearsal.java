package org.vistadr.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.BrakeView;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.MomentView;
import org.vistadr.api.ObjectListing;
import org.vistadr.api.Status;
import org.vistadr.api.WireJson;
import org.vistadr.cli.output.Terminal;

/// Runs the commands that people wait for, against canned answers and without a word, so that the
/// launcher can record the classes they need once, after a build. Starting is twice as fast with
/// the record.
public final class Rehearsal {

  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    HttpServer daemon =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer(daemon, "/api/v1/status", status());
    answer(daemon, "/api/v1/objects", listing());
    answer(daemon, "/api/v1/objects/versions", history());
    daemon.start();
    try {
      Map<String, String> environment = new HashMap<>();
      environment.put("VISTADR_SERVER", "http://127.0.0.1:" + daemon.getAddress().getPort());
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      Terminal terminal =
          new Terminal(InputStream.nullInputStream(), nowhere, nowhere, environment);
      Vistadr vistadr =
          new Vistadr(terminal, Clock.systemUTC(), ZoneId.systemDefault(), environment);
      vistadr.run("version");
      vistadr.run("status");
      vistadr.run("status", "--json");
      vistadr.run("ls", "--at", "2h ago");
      vistadr.run("history", "key");
      vistadr.run("restore", "key");
      vistadr.run("help", "restore");
    } finally {
      daemon.stop(0);
    }
  }

  private static void answer(HttpServer daemon, String path, Object wireRecord) throws IOException {
    byte[] body = WireJson.mapper().writeValueAsBytes(wireRecord);
    daemon.createContext(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static Status status() {
    Instant now = Instant.EPOCH;
    Status.Amount nothing = new Status.Amount(0, 0);
    return new Status(
        Status.SCHEMA,
        true,
        List.of("a warning"),
        now,
        new Status.Daemon("", now),
        new Status.Primary(
            "primary",
            "generic",
            "",
            "bucket",
            Optional.of("versioned"),
            Optional.of(true),
            Optional.of(new Status.LastScan(1, now, 1, 1)),
            false,
            "listening",
            1,
            1,
            0,
            0),
        List.of(
            new Status.Secondary(
                "copy",
                "generic",
                "",
                "bucket",
                "in_sync",
                "",
                Optional.of(true),
                Optional.of(now),
                Optional.of(100L),
                900,
                nothing,
                0,
                0,
                0,
                0,
                1,
                1,
                Optional.empty(),
                Optional.of(now),
                Status.Proof.NONE,
                Optional.empty())),
        new Status.Window(Optional.of(now), Optional.of(now), "versions", List.of(), List.of()),
        new Status.Catalog(1, Optional.of("0".repeat(64)), Optional.of(now)),
        BrakeView.OFF);
  }

  private static ObjectListing listing() {
    return new ObjectListing(
        Instant.EPOCH,
        "versions",
        Optional.empty(),
        true,
        new MomentView(
            Instant.EPOCH,
            "versions",
            Optional.empty(),
            true,
            Optional.of("versioned"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        List.of("projects/"),
        List.of(
            new ObjectListing.Item(
                "key",
                "1",
                Instant.EPOCH,
                1,
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                List.of("copy"))),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static KeyVersions history() {
    return new KeyVersions(
        "key",
        List.of(
            new KeyVersions.Item(
                "content",
                "listed",
                Instant.EPOCH,
                true,
                "1",
                Optional.of(1L),
                Optional.of(""),
                Optional.empty(),
                Optional.empty(),
                true,
                Map.of("copy", "durable"),
                Map.of(),
                Map.of())));
  }
}
