package org.vistadr.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine;

/// What every help text has in common.
final class HelpText {

  private HelpText() {}

  /// Writes the exit codes under the help of every command.
  static void addExitCodes(CommandLine line) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(String.valueOf(code.number()), code.meaning());
    }
    line.getCommandSpec()
        .usageMessage()
        .width(100)
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(codes);
    line.getSubcommands().values().forEach(HelpText::addExitCodes);
  }
}
