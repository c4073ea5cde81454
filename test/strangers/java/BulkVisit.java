// Bulk, PATCH, queries and errors as the SCIM-SDK of Captain-P-Goldfish writes and reads them: its client checks the form
// of every answer (status, schemas, what RFC 7644 asks of each message). One line per step: PASS or FAIL, a name, and for
// a failure what was said. Arguments: base URL, token. Talks to: loopback.

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import de.captaingoldfish.scim.sdk.client.ScimClientConfig;
import de.captaingoldfish.scim.sdk.client.ScimRequestBuilder;
import de.captaingoldfish.scim.sdk.client.response.ServerResponse;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.PatchOp;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member;
import de.captaingoldfish.scim.sdk.common.response.BulkResponse;
import de.captaingoldfish.scim.sdk.common.response.BulkResponseOperation;
import de.captaingoldfish.scim.sdk.common.response.ErrorResponse;
import de.captaingoldfish.scim.sdk.common.response.ListResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

public class BulkVisit {
  interface Step {
    void run() throws Exception;
  }

  static boolean failed;

  static void step(String name, Step step) {
    try {
      step.run();
      System.out.println("PASS " + name);
    } catch (Throwable problem) {
      failed = true;
      String said = String.valueOf(problem.getMessage()).replaceAll("\\s+", " ");
      System.out.println("FAIL " + name + ": " + problem.getClass().getSimpleName() + ": " + said);
    }
  }

  static void same(Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) throw new AssertionError("expected " + expected + ", got " + actual);
  }

  /** What was answered, when the library found it to be what the RFC says. */
  static <T extends de.captaingoldfish.scim.sdk.common.resources.base.ScimObjectNode> T done(ServerResponse<T> answer) {
    if (!answer.isSuccess() || !answer.isValidScimResponse())
      throw new AssertionError(answer.getHttpStatus() + " " + answer.getResponseBody());
    return answer.getResource();
  }

  static void refused(int status, String scimType, ServerResponse<?> answer) {
    same(status, answer.getHttpStatus());
    same(false, answer.isSuccess());
    same(scimType, answer.getErrorResponse().getScimType().orElse(null));
  }

  static List<Integer> statuses(BulkResponse answer) {
    return answer.getBulkResponseOperations().stream().map(BulkResponseOperation::getStatus).collect(Collectors.toList());
  }

  static String user(String userName) {
    return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + userName + "\"}";
  }

  static String group(String name, String member) {
    return "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:Group\"],\"displayName\":\"" + name
        + "\",\"members\":[{\"value\":\"" + member + "\"}]}";
  }

  static String ada;
  static String team;

  public static void main(String[] arguments) {
    var configuration = ScimClientConfig.builder()
        .httpHeaders(Map.of("Authorization", "Bearer " + arguments[1]))
        .enableAutomaticBulkRequestSplitting(false)
        .build();
    try (ScimRequestBuilder scim = new ScimRequestBuilder(arguments[0], configuration)) {
      bulk(scim);
      single(scim);
    }
    System.exit(failed ? 1 : 0);
  }

  static void bulk(ScimRequestBuilder scim) {
    step("service provider configuration", () -> {
      var provider = scim.loadServiceProviderConfiguration();
      same(true, provider.getBulkConfig().isSupported());
      same(1000, provider.getBulkConfig().getMaxOperations());
      same(true, provider.getPatchConfig().isSupported());
    });
    step("bulk: a team before the person it names", () -> {
      var answer = done(scim.bulk()
          .bulkRequestOperation("/Groups").method(HttpMethod.POST).bulkId("g").data(group("Engines", "bulkId:u")).next()
          .bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("u").data(user("ada@acme.example")).next()
          .sendRequest(false));
      same(List.of(201, 201), statuses(answer));
      ada = answer.getByBulkId("u").get().getLocation().get().replaceAll(".*/", "");
      team = answer.getByBulkId("g").get().getLocation().get().replaceAll(".*/", "");
      same(true, answer.getByBulkId("u").get().getVersion().isPresent());
      var members = done(scim.get(Group.class, "/Groups", team).sendRequest()).getMembers();
      same(List.of(ada), members.stream().map(each -> each.getValue().get()).collect(Collectors.toList()));
    });
    step("bulk: two teams, each a member of the other", () -> {
      var answer = done(scim.bulk()
          .bulkRequestOperation("/Groups").method(HttpMethod.POST).bulkId("a").data(group("A", "bulkId:b")).next()
          .bulkRequestOperation("/Groups").method(HttpMethod.POST).bulkId("b").data(group("B", "bulkId:a")).next()
          .sendRequest(false));
      same(List.of(201, 201), statuses(answer));
    });
    step("bulk: what fails stands beside what does not, with its reason", () -> {
      var answer = done(scim.bulk()
          .bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("x").data(user("ADA@acme.example")).next()
          .bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("y").data(user("ben@acme.example")).next()
          .sendRequest(false));
      same(List.of(409, 201), statuses(answer));
      var reason = answer.getByBulkId("x").get().getResponse(ErrorResponse.class).get();
      same("uniqueness", reason.getScimType().get());
      same(409, reason.getStatus());
    });
    step("bulk: it ends after as many failures as were allowed", () -> {
      var answer = done(scim.bulk().failOnErrors(1)
          .bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("x").data(user("ada@acme.example")).next()
          .bulkRequestOperation("/Users").method(HttpMethod.POST).bulkId("z").data(user("cleo@acme.example")).next()
          .sendRequest(false));
      same(List.of(409), statuses(answer));
      same(0L, found(scim, "userName", "cleo@acme.example").getTotalResults());
    });
    step("bulk: changes and removals", () -> {
      String patch = "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":"
          + "[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]}";
      var ben = found(scim, "userName", "ben@acme.example").getListedResources().get(0).getId().get();
      var answer = done(scim.bulk()
          .bulkRequestOperation("/Users/" + ada).method(HttpMethod.PATCH).data(patch).next()
          .bulkRequestOperation("/Users/" + ben).method(HttpMethod.DELETE).next()
          .sendRequest(false));
      same(List.of(200, 204), statuses(answer));
      same(false, done(scim.get(User.class, "/Users", ada).sendRequest()).isActive().get());
    });
  }

  static ListResponse<User> found(ScimRequestBuilder scim, String attribute, String value) {
    return done(scim.list(User.class, "/Users").filter(attribute, Comparator.EQ, value).build().get().sendRequest());
  }

  static void single(ScimRequestBuilder scim) {
    step("create, replace and delete a person", () -> {
      User draft = User.builder().userName("dora@acme.example").displayName("Dora").active(true).build();
      User dora = done(scim.create(User.class, "/Users").setResource(draft).sendRequest());
      same(true, dora.getMeta().get().getLocation().get().endsWith(dora.getId().get()));
      draft.setTitle("Dr");
      User changed = done(scim.update(User.class, "/Users", dora.getId().get()).setResource(draft).sendRequest());
      same("Dr", changed.getTitle().get());
      var gone = scim.delete(User.class, "/Users", dora.getId().get()).sendRequest();
      same(true, gone.isSuccess());
      refused(404, null, scim.get(User.class, "/Users", dora.getId().get()).sendRequest());
    });
    step("patch: add, replace and remove in one request", () -> {
      User changed = done(scim.patch(User.class, "/Users", ada)
          .addOperation().op(PatchOp.ADD).path("title").value("Countess").next()
          .op(PatchOp.REPLACE).path("displayName").value("Ada").next()
          .op(PatchOp.REMOVE).path("active").build()
          .sendRequest());
      same("Countess", changed.getTitle().get());
      same("Ada", changed.getDisplayName().get());
      same(false, changed.isActive().isPresent());
    });
    step("patch: members of a team", () -> {
      scim.patch(Group.class, "/Groups", team)
          .addOperation().op(PatchOp.REMOVE).path("members[value eq \"" + ada + "\"]").build().sendRequest();
      same(List.of(), done(scim.get(Group.class, "/Groups", team).sendRequest()).getMembers());
      scim.patch(Group.class, "/Groups", team)
          .addOperation().op(PatchOp.ADD).path("members").valueNode(Member.builder().value(ada).build()).build().sendRequest();
      same(1, done(scim.get(Group.class, "/Groups", team).sendRequest()).getMembers().size());
    });
    step("patch: an answer without a body is a success", () -> {
      var answer = scim.patch(Group.class, "/Groups", team)
          .addOperation().op(PatchOp.REPLACE).path("displayName").value("Looms").build().sendRequest();
      same(204, answer.getHttpStatus());
      same(true, answer.isSuccess());
    });
    step("lists: by GET and by POST, filtered, sorted, paged", () -> {
      for (String name : List.of("eve", "fay", "gus"))
        done(scim.create(User.class, "/Users").setResource(User.builder().userName(name).build()).sendRequest());
      var sorted = done(scim.list(User.class, "/Users").sortBy("userName").sortOrder(SortOrder.DESCENDING).count(2).get().sendRequest());
      same(List.of("gus", "fay"), names(sorted));
      same(4L, sorted.getTotalResults());
      var posted = done(scim.list(User.class, "/Users").filter("userName", Comparator.SW, "f").or("userName", Comparator.SW, "e").build().sortBy("userName").post().sendRequest());
      same(List.of("eve", "fay"), names(posted));
      var second = done(scim.list(User.class, "/Users").sortBy("userName").startIndex(3).count(2).get().sendRequest());
      same(List.of("fay", "gus"), names(second));
    });
    step("errors are read as errors", () -> {
      refused(409, "uniqueness", scim.create(User.class, "/Users").setResource(User.builder().userName("ADA@acme.example").build()).sendRequest());
      refused(400, "invalidFilter", scim.list(User.class, "/Users").filter("favourite eq \"tea\"").get().sendRequest());
      refused(404, null, scim.get(Group.class, "/Groups", "nobody").sendRequest());
      var node = JsonNodeFactory.instance.textNode("tea");
      var unknown = scim.patch(User.class, "/Users", ada).addOperation().op(PatchOp.ADD).path("favourite").valueNode(node).build().sendRequest();
      same(400, unknown.getHttpStatus());
      same(false, unknown.isSuccess());
    });
  }

  static List<String> names(ListResponse<User> found) {
    return found.getListedResources().stream().map(each -> each.getUserName().get()).collect(Collectors.toList());
  }
}
