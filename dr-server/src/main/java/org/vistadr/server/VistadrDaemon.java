package org.vistadr.server;

/// Entry point of the daemon.
public final class VistadrDaemon {

  private VistadrDaemon() {}

  public static void main(String[] args) {
    System.err.println("vistadr: the daemon is not built yet");
    System.exit(1);
  }
}
