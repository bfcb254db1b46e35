package org.vistadr.cli.direct;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.DirectStart;
import org.vistadr.api.RestoreView;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.RestoreText;

/// `--direct`: the command works on the catalog itself, with an engine of its own that lives as
/// long as the command. Used by one thread, and by the one that Ctrl-C starts.
public final class DirectMode implements AutoCloseable {

  /// A command that a remark names, which is to be typed with `--direct`, too.
  private static final Pattern NAMED =
      Pattern.compile(
          "\\bvistadr (?=(?:status|check|ls|find|diff|history|get|restore|undelete|sync|task)\\b)");

  private final Optional<Path> config;
  private final Optional<String> catalog;
  private final Map<String, String> environment;
  private final List<String> words;
  private final Thread hook = new Thread(this::end, "direct-end");
  private @Nullable DirectProcess process;
  private volatile boolean ending;

  /// @param config `--config`
  /// @param catalog `--catalog`
  /// @param words the command line
  public DirectMode(
      Optional<Path> config,
      Optional<String> catalog,
      Map<String, String> environment,
      List<String> words) {
    this.config = config;
    this.catalog = catalog;
    this.environment = Map.copyOf(environment);
    this.words = List.copyOf(words);
  }

  /// Starts the engine.
  ///
  /// @param verbose whether what it says is shown
  /// @throws CommandFailure when the catalog cannot be opened, with the reason
  public ServerSettings open(boolean verbose) {
    Path file = ConfigPlace.find(config, environment);
    DirectProcess started = DirectProcess.start(file, catalog, environment, verbose);
    if (started.said().refusal().isPresent()) {
      started.close();
      throw DirectRefusals.failure(started.said().refusal().get(), file, words, environment);
    }
    synchronized (this) {
      process = started;
    }
    Runtime.getRuntime().addShutdownHook(hook);
    return started.settings();
  }

  /// What the engine said when it started.
  public Optional<DirectStart> started() {
    return running().map(DirectProcess::said);
  }

  /// A remark in which the commands can be typed as they stand.
  public String asTyped(String remark) {
    return NAMED
        .matcher(remark)
        .replaceAll(
            java.util.regex.Matcher.quoteReplacement(
                "vistadr --direct "
                    + config
                        .map(file -> "--config " + Keys.quoted(file.toString()) + " ")
                        .orElse("")
                    + catalog.map("--catalog %s "::formatted).orElse("")));
  }

  /// Tells of restores that wait for somebody to resume them.
  public void tellInterrupted(ApiClient api, Consumer<String> say) {
    Optional<DirectProcess> running = running();
    if (running.isEmpty()) {
      return;
    }
    for (String id : running.get().said().interrupted()) {
      RestoreView restore = api.restore(id, Duration.ZERO);
      if (!RestoreText.ended(restore)) {
        say.accept(
            "Restore %s was interrupted and waits: %d of %d objects are done. It goes on with 'vistadr restore watch %s', or when the daemon starts."
                .formatted(id, restore.done().objects(), restore.total().objects(), id));
      }
    }
  }

  /// Whether Ctrl-C, or a signal, ends the command: what fails from now on is no news.
  public boolean ending() {
    return ending;
  }

  /// Ends the engine because the command was told to end, and waits until what was in flight is
  /// recorded.
  public void end() {
    ending = true;
    running().ifPresent(DirectProcess::close);
  }

  @Override
  public void close() {
    Optional<DirectProcess> running = running();
    running.ifPresent(DirectProcess::close);
    if (running.isPresent()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        // Ctrl-C: the hook waits for the engine.
      }
    }
  }

  private synchronized Optional<DirectProcess> running() {
    return Optional.ofNullable(process);
  }
}
