package org.vistadr.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.api.WireJson;

/// The three streams of the command and what is known about them: data to standard output, talk to
/// standard error, questions only where a person sits at both ends. Thread-safe as far as
/// `PrintStream` is.
public final class Terminal {

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean inIsTerminal;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final Map<String, String> environment;

  /// @param environment the process's environment: `VISTADR_TTY` says which streams are a terminal
  ///   (`101`: input and error), because Java alone cannot tell them apart; without it none is
  public Terminal(
      InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = Map.copyOf(environment);
    String terminals = environment.getOrDefault("VISTADR_TTY", "000");
    inIsTerminal = terminals.startsWith("1");
    outIsTerminal = terminals.startsWith("1", 1);
    errIsTerminal = terminals.startsWith("1", 2);
  }

  /// Standard input, for data.
  public InputStream in() {
    return in;
  }

  /// Standard output, for bytes.
  public PrintStream out() {
    return out;
  }

  /// Standard error, for progress.
  public PrintStream err() {
    return err;
  }

  /// A line of data.
  public void data(String line) {
    out.println(line);
  }

  /// Lines of data.
  public void data(List<String> lines) {
    lines.forEach(out::println);
  }

  /// A line to the person, not part of the data.
  public void say(String line) {
    err.println(line);
  }

  /// Whether a question can be asked and answered.
  public boolean canAsk() {
    return inIsTerminal && errIsTerminal;
  }

  /// Whether progress may be redrawn in place.
  public boolean canRedraw() {
    return errIsTerminal && !"dumb".equals(environment.get("TERM"));
  }

  /// Whether standard output may carry colours: a terminal that has not asked for none.
  public boolean canColour() {
    return outIsTerminal
        && !"dumb".equals(environment.get("TERM"))
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /// Whether standard output is a terminal.
  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  /// Asks and returns the answer; absent at the end of the input.
  public Optional<String> ask(String question) {
    err.print(question);
    err.flush();
    try {
      return Optional.ofNullable(
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine());
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /// One JSON document on standard output.
  public void json(Object document) {
    out.println(jsonText(document));
  }

  /// The JSON text of a wire record, on one line.
  public static String jsonText(Object document) {
    try {
      return WireJson.mapper().writeValueAsString(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("cannot write " + document.getClass(), impossible);
    }
  }
}
