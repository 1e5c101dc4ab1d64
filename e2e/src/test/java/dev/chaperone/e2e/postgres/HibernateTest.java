package dev.chaperone.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.chaperone.e2e.postgres.Library.Author;
import dev.chaperone.e2e.postgres.Library.Book;
import dev.chaperone.e2e.postgres.Library.Customer;
import dev.chaperone.e2e.postgres.Library.Mood;
import dev.chaperone.testing.TestPostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/** Hibernate over pgjdbc and HikariCP: what it gets directly it gets through the gateway. */
@Timeout(240)
final class HibernateTest {
  private static TestPostgres postgres;
  private static String direct;
  private static Gateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    direct = postgres.createDatabase();
    var through = postgres.createDatabase();
    postgres.run(direct, PolicyForClients.SCHEMA);
    postgres.run(through, PolicyForClients.SCHEMA);
    gateway =
        new Gateway(
            postgres,
            through,
            Files.createDirectories(directory.resolve("g")),
            PolicyForClients.TEXT);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  @Test
  void anApplicationWorksAsItDoesWithoutTheGateway() {
    List<Object> expected;
    try (var pool = pool(ClientsTest.server(postgres, direct))) {
      expected = application(pool);
    }
    try (var pool = pool(gateway.libpq(gateway.agent("hibernate")))) {
      assertThat(application(pool)).isEqualTo(expected).hasSizeGreaterThan(100);
    }
  }

  @Test
  void aMaskedColumnIsMaskedAndARefusalReachesTheApplication() {
    try (var pool = pool(gateway.libpq(gateway.agent("hibernate")));
        var factory = factory(pool, "none", Customer.class)) {
      var customers = factory.callInTransaction(HibernateTest::customers);
      assertThat(customers).extracting(one -> one.name).containsExactly("Ada", "Grace");
      assertThat(customers).extracting(one -> one.email).containsExactly("***", "***");
      assertThatThrownBy(() ->
              factory.runInTransaction(manager ->
                  manager
                      .createNativeQuery("select k from vault.keys", String.class)
                      .getResultList()))
          .hasRootCauseInstanceOf(PSQLException.class)
          .rootCause()
          .isInstanceOfSatisfying(
              PSQLException.class,
              e -> {
                assertThat(e.getSQLState()).isEqualTo("42501");
                assertThat(String.valueOf(e.getServerErrorMessage()))
                    .contains("\"rule\":\"never-secrets\"");
              });
      assertThatThrownBy(() ->
              factory.runInTransaction(manager -> manager.remove(manager.find(Customer.class, 1))))
          .rootCause()
          .hasMessageContaining("\"state\":\"pending\"");
      assertThat(factory.callInTransaction(HibernateTest::customers)).hasSize(2);
    }
  }

  private static List<Customer> customers(EntityManager manager) {
    return manager.createQuery("from Customer order by id", Customer.class).getResultList();
  }

  /** Makes its schema, starts anew with the schema validated, works, and removes the schema. */
  private static List<Object> application(HikariDataSource pool) {
    var got = new ArrayList<Object>();
    factory(pool, "create", Author.class, Book.class).close();
    try (var factory = factory(pool, "validate", Author.class, Book.class)) {
      for (int i = 0; i < 5; i++) {
        int number = i;
        factory.runInTransaction(manager -> manager.persist(author(number)));
      }
      factory.runInTransaction(manager -> read(manager, got));
      factory.runInTransaction(manager -> change(manager, got));
      assertThatThrownBy(() -> factory.runInTransaction(manager -> manager.persist(author(1))))
          .rootCause()
          .isInstanceOfSatisfying(
              PSQLException.class, e -> got.add(String.valueOf(e.getSQLState())));
    }
    factory(pool, "create-drop", Author.class, Book.class).close();
    return got;
  }

  private static Author author(int number) {
    var author = new Author();
    author.name = "Author " + number;
    author.mood = number % 2 == 0 ? Mood.GLAD : Mood.SAD;
    for (int i = 0; i < 30; i++) {
      var book = new Book();
      book.id = new UUID(number, i);
      book.title = "Book %d.%d 'ü'".formatted(number, i);
      book.price = new BigDecimal("12.3456").multiply(BigDecimal.valueOf(i));
      book.added = Instant.ofEpochSecond(1_700_000_000L + i, 123_456_000);
      book.printed = LocalDate.of(2024, 2, 29);
      book.tags = new String[] {"a,b", "c\"d", ""};
      book.cover = new byte[] {0, 1, (byte) 255};
      book.author = author;
      author.books.add(book);
    }
    return author;
  }

  private static void read(EntityManager manager, List<Object> got) {
    var books =
        manager
            .createQuery("from Book b join fetch b.author order by b.title", Book.class)
            .setHint("jakarta.persistence.query.timeout", 60_000)
            .setHint("org.hibernate.fetchSize", 7)
            .getResultList();
    for (var book : books) {
      got.add(
          List.of(
              String.valueOf(book.title),
              String.valueOf(book.price),
              String.valueOf(book.added),
              String.valueOf(book.printed),
              Arrays.toString(book.tags),
              Arrays.toString(book.cover)));
    }
    manager
        .createQuery(
            "select a.name, a.mood, count(b), max(b.price) from Author a join a.books b"
                + " where b.price > :least group by a order by a.name",
            Object[].class)
        .setParameter("least", new BigDecimal("100"))
        .getResultList()
        .forEach(row -> got.add(Arrays.toString(row)));
  }

  private static void change(EntityManager manager, List<Object> got) {
    var author =
        manager
            .createQuery("from Author where name = :name", Author.class)
            .setParameter("name", "Author 2")
            .getSingleResult();
    author.mood = Mood.SAD;
    author.books.subList(0, 10).clear();
    manager.flush();
    got.add(author.version);
    got.add(
        manager
            .createQuery("update Book set price = price + 1 where author = :author")
            .setParameter("author", author)
            .executeUpdate());
    got.add(manager.createQuery("delete from Book where price > 300").executeUpdate());
    got.add(manager.createQuery("select sum(price) from Book", BigDecimal.class).getSingleResult());
  }

  private static EntityManagerFactory factory(
      HikariDataSource pool, String schema, Class<?>... entities) {
    var configuration = new HibernatePersistenceConfiguration("library");
    configuration.property("hibernate.connection.datasource", pool);
    configuration.property("hibernate.hbm2ddl.auto", schema);
    configuration.property("hibernate.jdbc.batch_size", 20);
    for (var entity : entities) {
      configuration.managedClass(entity);
    }
    return configuration.createEntityManagerFactory();
  }

  private static HikariDataSource pool(Map<String, String> libpq) {
    var config = new HikariConfig();
    config.setJdbcUrl(
        "jdbc:postgresql://%s:%s/%s"
            .formatted(libpq.get("PGHOST"), libpq.get("PGPORT"), libpq.get("PGDATABASE")));
    config.setCredentialsProvider(
        () -> Credentials.of(libpq.get("PGUSER"), libpq.get("PGPASSWORD")));
    config.addDataSourceProperty("sslmode", "verify-full");
    config.addDataSourceProperty("sslrootcert", libpq.get("PGSSLROOTCERT"));
    config.setMaximumPoolSize(2);
    return new HikariDataSource(config);
  }
}
