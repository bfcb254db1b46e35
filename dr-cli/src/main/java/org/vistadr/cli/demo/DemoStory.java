package org.vistadr.cli.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.Style;
import org.vistadr.cli.output.Terminal;

/// Tells the walk: one numbered line for each step, with what came of it and how long it took. Used
/// by one thread.
final class DemoStory {

  private static final int WIDTH = 88;

  private final Terminal terminal;
  private final Clock clock;
  private final Style style;
  private final boolean verdicts;
  private int number;
  private boolean open;
  private volatile boolean silent;
  private List<String> quoteNext = List.of();
  private @Nullable Exception told;

  /// @param verdicts write PASS and FAIL before each step
  DemoStory(Terminal terminal, Clock clock, Style style, boolean verdicts) {
    this.terminal = terminal;
    this.clock = clock;
    this.style = style;
    this.verdicts = verdicts;
  }

  /// A step.
  interface Step {
    /// Does it and says what came of it, in a few words.
    String run() throws Exception;
  }

  /// Does the step and tells how it went.
  ///
  /// @throws Exception what the step threw, told already
  void step(String title, Step step) throws Exception {
    step(title, step::run, words -> words);
  }

  /// Does the step, tells how it went and hands on what it made.
  ///
  /// @param words what came of it, in a few words
  <T> T step(String title, Callable<T> step, Function<T, String> words) throws Exception {
    number++;
    Instant start = clock.instant();
    progress(title + "…");
    try {
      T made = step.call();
      String told = title + ": " + words.apply(made);
      finish(verdict("PASS", true) + line(told, Duration.between(start, clock.instant())));
      quote(quoteNext);
      quoteNext = List.of();
      return made;
    } catch (Exception failure) {
      finish(verdict("FAIL", false) + line(title, Duration.between(start, clock.instant())));
      failed(failure);
      throw failure;
    }
  }

  /// Tells why it does not go on, once.
  void failed(Exception failure) {
    if (!failure.equals(told)) {
      String message = failure.getMessage();
      say("       " + (message == null ? failure.toString() : message));
    }
    told = failure;
  }

  /// What goes on within a step; seen on a terminal only.
  void progress(String words) {
    if (terminal.outIsTerminal() && !silent) {
      String line = " %2d  %s".formatted(number, words);
      terminal.out().print("\r\u001b[2K" + line.substring(0, Math.min(WIDTH + 8, line.length())));
      terminal.out().flush();
      open = true;
    }
  }

  /// Objects of all and bytes, not more often than can be seen.
  synchronized void progressNow(long objects, long total, long bytes) {
    if (objects % 50 == 0) {
      progress(
          "%s of %s, %s"
              .formatted(
                  Amounts.count(objects), Amounts.count(total, "object"), Amounts.bytes(bytes)));
    }
  }

  /// Lines between two rules: nothing beside them, so that they can be copied.
  void box(String title, List<String> lines) {
    say("── " + title + " " + "─".repeat(WIDTH - title.length() - 4));
    lines.forEach(line -> say("  " + line));
    say("─".repeat(WIDTH));
  }

  /// Output that belongs to the step before.
  void quote(List<String> lines) {
    lines.forEach(line -> say("       " + style.faint("│ ") + line));
  }

  /// Output that belongs to the step that runs; shown when it held.
  void later(List<String> lines) {
    quoteNext = lines;
  }

  /// Says nothing more: Ctrl-C makes steps fail that are not to blame.
  void silence() {
    silent = true;
  }

  /// A line of its own.
  void say(String line) {
    if (!silent) {
      terminal.data(line);
    }
  }

  private void finish(String line) {
    if (open) {
      terminal.out().print("\r\u001b[2K");
      open = false;
    }
    say(line);
    terminal.out().flush();
  }

  private String verdict(String word, boolean good) {
    return verdicts ? (good ? style.good(word) : style.bad(word)) + " " : "";
  }

  private String line(String words, Duration took) {
    String time = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    String text = " %2d  %s".formatted(number, words);
    return text
        + " ".repeat(Math.max(2, WIDTH - text.length() - time.length()))
        + style.faint(time);
  }
}
