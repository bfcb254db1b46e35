package org.vistadr.cli;

/// Entry point of the command line.
public final class Vistadr {

  private Vistadr() {}

  public static void main(String[] args) {
    System.out.println("vistadr 0.1.0-SNAPSHOT");
  }
}
