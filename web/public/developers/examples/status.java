import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

public class Status {
  public static void main(String[] args) throws Exception {
    String name = URLEncoder.encode("wuyuan xiangrikui", StandardCharsets.UTF_8);
    URI question = URI.create(System.getenv("HELIANTHUS_URL") + "/api/v1/status?name=" + name + "&market=XA&on=2026-01-01");
    var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(question).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new Exception(answer.body());
    System.out.println(answer.body());
  }
}
