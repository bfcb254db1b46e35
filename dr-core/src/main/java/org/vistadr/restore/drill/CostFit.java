package org.vistadr.restore.drill;

import java.util.Optional;
import org.vistadr.model.Drill.Projection;

/// What an object costs to restore, fitted to the objects of a drill, and from it how long all of
/// them take. Pure arithmetic over six sums; its memory does not grow.
///
/// **The model.** Object i of x_i bytes kept one worker busy for t_i = a + b·x_i + e_i seconds: a is
/// the price of a request and of a file, b that of a byte, e_i chance with the mean 0 and the
/// deviation s. Least squares over the n objects give
///
///     b = (n·Σxt − Σx·Σt) / D,   a = (Σt − b·Σx) / n,   D = n·Σxx − (Σx)².
///
/// Neither can be negative: where one comes out so, or all sizes are the same, the other alone is
/// fitted (b = 0: a = Σt / n; a = 0: b = Σxt / Σxx).
///
/// **All of it.** N objects of V bytes are W = N·a + V·b seconds of one worker's time. The drill's
/// workers did Σt of work in T seconds, so p = Σt / T of them were really busy at a time, whatever
/// limits them (the network, a bandwidth, the secondary); the restore, whose parallelism and limits
/// are the same, takes W / p.
///
/// **How sure.** With s² = Σe² / (n − k), k the number of fitted prices, and the fit's covariance
/// s²·(X'X)⁻¹, the variance of W as a forecast is
///
///     s²·(N²·Σxx − 2·N·V·Σx + n·V²) / D  +  N·s²
///
/// : the first term for prices that are not known exactly, the second for the chance in N objects.
/// (One price: s²·N² / n + N·s², or s²·V² / Σxx + N·s².) The range is W ± 2 deviations, about 95 %,
/// and never narrower than ± 10 %, since networks differ by the hour. Below [#FEW] objects s itself
/// is a guess, so the range is at least W / 3 to 3·W.
///
/// **What it leaves out.** A drill writes to this machine's disk. A restore writes to a bucket
/// instead, in about the time of the slower of both ways.
final class CostFit {

  /// Below so many objects the range is wide whatever the fit says.
  static final int FEW = 10;

  private static final double LEAST_SPREAD = 0.1;

  private long n;
  private double x;
  private double t;
  private double xx;
  private double xt;
  private double tt;

  /// Adds an object.
  ///
  /// @param bytes its size
  /// @param seconds how long it kept a worker busy
  void add(long bytes, double seconds) {
    n++;
    x += bytes;
    t += seconds;
    xx += (double) bytes * bytes;
    xt += bytes * seconds;
    tt += seconds * seconds;
  }

  /// How long everything takes.
  ///
  /// @param objects of everything
  /// @param bytes of everything
  /// @param elapsed seconds that all added objects took together, side by side
  /// @return empty while nothing was added
  Optional<Projection> project(long objects, long bytes, double elapsed) {
    if (n == 0 || t <= 0 || elapsed <= 0) {
      return Optional.empty();
    }
    Prices prices = prices();
    double work = (double) objects * prices.object + (double) bytes * prices.octet;
    double spread =
        Math.max(
            2 * Math.sqrt(variance(prices, (double) objects, (double) bytes)), LEAST_SPREAD * work);
    double low = work - spread;
    double high = work + spread;
    if (n < FEW) {
      low = Math.min(low, work / 3);
      high = Math.max(high, work * 3);
    }
    double busy = Math.max(1, t / elapsed);
    return Optional.of(
        new Projection((long) Math.floor(Math.max(0, low) / busy), (long) Math.ceil(high / busy)));
  }

  /// @param object seconds for each object
  /// @param octet seconds for each byte
  record Prices(double object, double octet) {}

  Prices prices() {
    double d = n * xx - x * x;
    // Sizes that are all the same tell nothing about bytes; rounding leaves a little of D then.
    if (d <= 1e-9 * n * xx || xx == 0) {
      return new Prices(t / n, 0);
    }
    double b = (n * xt - x * t) / d;
    double a = (t - b * x) / n;
    if (b < 0) {
      return new Prices(t / n, 0);
    }
    return a < 0 ? new Prices(0, xt / xx) : new Prices(a, b);
  }

  private double variance(Prices prices, double objects, double bytes) {
    double a = prices.object;
    double b = prices.octet;
    double squares =
        Math.max(0, tt - 2 * a * t - 2 * b * xt + n * a * a + 2 * a * b * x + b * b * xx);
    boolean both = a > 0 && b > 0;
    double s2 = squares / Math.max(1, n - (both ? 2 : 1));
    double known;
    if (both) {
      known =
          (objects * objects * xx - 2 * objects * bytes * x + n * bytes * bytes) / (n * xx - x * x);
    } else {
      known = b > 0 ? bytes * bytes / xx : objects * objects / n;
    }
    return s2 * Math.max(0, known) + objects * s2;
  }
}
