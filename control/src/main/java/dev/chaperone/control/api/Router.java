package dev.chaperone.control.api;

import dev.chaperone.control.projection.ProjectionUnavailableException;
import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.record.Visible;
import dev.chaperone.journal.JournalUnavailableException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the route of a request and turns whatever comes of it into an answer. */
final class Router implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final List<Route> routes = new ArrayList<>();

  /** What a route does. */
  interface Action {
    Answer answer(Call call)
        throws Problem,
            IOException,
            InterruptedException,
            JournalUnavailableException,
            ProjectionUnavailableException;
  }

  private record Route(Method method, Pattern path, Action action) {}

  /**
   * Adds a route.
   *
   * @param path a regular expression over the whole decoded path
   */
  Router on(Method method, String path, Action action) {
    routes.add(new Route(method, Pattern.compile(path), action));
    return this;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    write(answer(request), response);
  }

  private Answer answer(ServerRequest request) {
    try {
      return route(request);
    } catch (Problem problem) {
      return problem.answer();
    } catch (ProjectionUnavailableException e) {
      return Problem.unavailable("state-unavailable", String.valueOf(e.getMessage())).answer();
    } catch (JournalUnavailableException e) {
      return Problem.unavailable("journal-unavailable", String.valueOf(e.getMessage())).answer();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Problem.unavailable("stopping", "the gateway is stopping").answer();
    } catch (IOException | DamagedEntryException e) {
      LOG.error("{} {} failed", request.prologue().method(), place(request), e);
      return Problem.internal().answer();
    }
  }

  private Answer route(ServerRequest request)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var allowed = new TreeSet<String>();
    for (var route : routes) {
      var matcher = route.path().matcher(request.path().path());
      if (matcher.matches()) {
        if (route.method().equals(request.prologue().method())) {
          return route.action().answer(new Call(request, matcher));
        }
        allowed.add(route.method().text());
      }
    }
    throw allowed.isEmpty()
        ? Problem.notFound()
        : Problem.methodNotAllowed(String.join(", ", allowed));
  }

  /** Control characters in a path must not make lines of their own in a log. */
  private static String place(ServerRequest request) {
    return Visible.line(request.path().path());
  }

  static void write(Answer answer, ServerResponse response) {
    response.status(answer.status());
    SecurityHeaders.all().forEach((name, value) -> response.header(name, value));
    answer.headers().forEach((name, value) -> response.header(name, value));
    response.header(HeaderNames.CONTENT_TYPE, answer.contentType());
    response.send(answer.body());
  }
}
