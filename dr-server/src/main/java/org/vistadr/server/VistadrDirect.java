package org.vistadr.server;

import ch.qos.logback.classic.Level;
import com.codahale.metrics.MetricRegistry;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.logging.common.BootstrapLogging;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.FileAppenderFactory;
import io.dropwizard.util.DataSize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.api.DirectStart;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogException;
import org.vistadr.catalog.CatalogInUseException;
import org.vistadr.server.access.OneToken;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.ConfigReader;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.Secret;
import org.vistadr.storage.StorageException;

/// The engine of one `vistadr --direct …`, a child process of it: reads a token from standard
/// input, says in one line of JSON ([DirectStart]) where the API listens or why not, and ends when
/// its standard input does, however the command ended.
public final class VistadrDirect {

  private static final Logger LOG = LoggerFactory.getLogger(VistadrDirect.class);

  private VistadrDirect() {}

  /// @param args the configuration file, and the secondary that the catalog is rebuilt from, if any
  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    // Whatever else wants to be said must not get between the lines of the protocol.
    System.setOut(System.err);
    BootstrapLogging.bootstrap(Level.ERROR);
    BufferedReader caller =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String token = caller.readLine();
    if (args.length < 1 || args.length > 2 || token == null || token.isBlank()) {
      System.err.println("error: this is a part of vistadr and does nothing alone");
      System.err.println("try:   vistadr --direct status");
      System.exit(2);
    }
    VistadrDaemon.haltWhenStoppingTakesTooLong();
    try (TemporaryCatalog temporary = new TemporaryCatalog(args.length > 1);
        DirectEngine engine = start(args, temporary, new Secret(token.strip()))) {
      answer(answers, engine.started(temporary.report()));
      while (caller.readLine() != null) {
        // Nothing more is said; the end is what counts.
      }
    } catch (Exception e) {
      answer(answers, DirectStart.refused(refusal(e)));
      System.exit(1);
    }
    System.exit(0);
  }

  private static DirectEngine start(String[] args, TemporaryCatalog temporary, Secret token)
      throws Exception {
    String file = args[0];
    Map<String, String> variables = System.getenv();
    DaemonConfiguration configuration =
        new ConfigReader(variables).build(new FileConfigurationSourceProvider(), file);
    if (args.length > 1) {
      temporary.fill(configuration, variables, args[1], Clock.systemUTC());
    }
    Path directory = configuration.store().path().toAbsolutePath();
    requireCatalog(directory);
    logInto(directory);
    LOG.info("direct version={} config={}", Version.NUMBER, file);
    return DirectEngine.start(configuration, variables, new OneToken(token), Clock.systemUTC());
  }

  /// A command must not begin a new catalog, nor leave files of another user in one: the daemon
  /// could not open it any more.
  private static void requireCatalog(Path directory) throws IOException {
    if (Files.isDirectory(directory) && !Files.isWritable(directory)) {
      throw notYours(directory);
    }
    if (!Catalog.exists(directory)) {
      throw new Refused(
          "catalog-missing",
          "there is no catalog in %s".formatted(directory),
          "store.path of the configuration names the directory; rebuild it there from a secondary"
              + " with vistadr adopt --from SITE, or work on what the secondary tells for once with"
              + " --catalog SITE");
    }
    String user = System.getProperty("user.name", "?");
    // A process without an entry among the users has no name.
    if (!user.equals("?") && !Files.getOwner(directory).getName().equals(user)) {
      throw notYours(directory);
    }
  }

  private static Refused notYours(Path directory) throws IOException {
    String owner = Files.getOwner(directory).getName();
    return new Refused(
        "catalog-owner",
        "the catalog in %s belongs to the user %s".formatted(directory, owner),
        "run the command as that user: sudo -u %s vistadr --direct".formatted(owner));
  }

  private static void logInto(Path directory) {
    FileAppenderFactory<ch.qos.logback.classic.spi.ILoggingEvent> file =
        new FileAppenderFactory<>();
    file.setCurrentLogFilename(directory.resolve("direct.log").toString());
    file.setArchivedLogFilenamePattern(directory.resolve("direct-%i.log").toString());
    file.setArchivedFileCount(1);
    file.setMaxFileSize(DataSize.mebibytes(10));
    if (new DaemonConfiguration().getLoggingFactory() instanceof DefaultLoggingFactory logging) {
      logging.setAppenders(List.of(file));
      logging.configure(new MetricRegistry(), "vistadr-direct");
    }
  }

  private static void answer(PrintStream answers, DirectStart start) throws IOException {
    answers.println(WireJson.mapper().writeValueAsString(start));
    answers.flush();
  }

  private static DirectStart.Refusal refusal(Exception e) {
    return switch (e) {
      case Refused refused ->
          new DirectStart.Refusal(
              refused.code, String.valueOf(refused.getMessage()), refused.hint, Optional.empty());
      case ConfigProblem problem ->
          new DirectStart.Refusal(
              "config-invalid",
              String.valueOf(problem.getMessage()),
              problem.findings().stream()
                  .map(ConfigProblem.Finding::hint)
                  .distinct()
                  .collect(Collectors.joining("; ")),
              Optional.empty());
      case CatalogInUseException inUse ->
          catalog(
              "catalog-in-use",
              inUse,
              inUse
                  .holder()
                  .map(holder ->
                      new DirectStart.Holder(
                          holder.pid(),
                          switch (holder.use()) {
                            case DAEMON -> true;
                            case COMMAND -> false;
                          },
                          holder.address())));
      case StorageException problem ->
          new DirectStart.Refusal(
              "site-unreachable",
              String.valueOf(problem.getMessage()),
              Hints.of(problem),
              Optional.empty());
      case CatalogException problem -> catalog("catalog-unusable", problem, Optional.empty());
      default -> {
        LOG.error("cannot start", e);
        yield new DirectStart.Refusal(
            "unexpected", e.toString(), "run it again with -v", Optional.empty());
      }
    };
  }

  private static DirectStart.Refusal catalog(
      String code, CatalogException problem, Optional<DirectStart.Holder> holder) {
    String[] parts = String.valueOf(problem.getMessage()).split("HINT: ", 2);
    return new DirectStart.Refusal(
        code, parts[0].strip(), parts.length > 1 ? parts[1].strip() : "", holder);
  }

  private static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String hint;

    private Refused(String code, String message, String hint) {
      super(message);
      this.code = code;
      this.hint = hint;
    }
  }
}
