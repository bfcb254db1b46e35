package org.vistadr.cli.output;

import java.util.Arrays;
import java.util.List;

/// What a command's end means to a script. The numbers are a contract: a code never changes its
/// meaning, and an unknown one is a failure.
public enum ExitCode {
  DONE(0, "done"),
  UNEXPECTED(1, "unexpected error"),
  USAGE(2, "wrong usage: option, argument or time"),
  SOME_FAILED(3, "finished, some objects failed"),
  NOT_FOUND(4, "not found, or nothing there at that time"),
  NOT_PROTECTED(5, "not protected (status, check)"),
  REFUSED(6, "refused: confirmation missing, plan expired or changed"),
  CREDENTIALS(7, "credentials or role"),
  UNREACHABLE(8, "server or site unreachable"),
  TIMED_OUT(9, "--timeout reached, the job goes on"),
  JOB_FAILED(10, "job failed"),
  DETACHED(130, "detached by Ctrl-C, the job goes on");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /// The process's exit status.
  public int number() {
    return number;
  }

  /// What it says, for the help.
  public String meaning() {
    return meaning;
  }

  /// Code and meaning of all, in order, as the help's picture of lists wants them:
  /// `number:meaning`.
  public static List<String> helpList() {
    return Arrays.stream(values()).map(code -> code.number + ":" + code.meaning).toList();
  }
}
