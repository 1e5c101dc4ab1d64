package dev.chaperone.e2e.postgres;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Entities for Hibernate, with the types that applications use. */
final class Library {
  private Library() {}

  enum Mood {
    SAD,
    GLAD
  }

  @Entity(name = "Author")
  @Table(name = "hibernate_author")
  static class Author {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    @Nullable Long id;

    @Version int version;

    @Column(nullable = false, unique = true, length = 80)
    @Nullable String name;

    @Enumerated(EnumType.STRING)
    @Nullable Mood mood;

    @OneToMany(mappedBy = "author", cascade = CascadeType.ALL, orphanRemoval = true)
    List<Book> books = new ArrayList<>();
  }

  @Entity(name = "Book")
  @Table(name = "hibernate_book")
  static class Book {
    @Id @Nullable UUID id;

    @Column(nullable = false, length = 80)
    @Nullable String title;

    @Column(precision = 12, scale = 4)
    @Nullable BigDecimal price;

    @Nullable Instant added;
    @Nullable LocalDate printed;
    String[] tags = {};
    byte[] cover = {};

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @Nullable Author author;
  }

  @Entity(name = "Customer")
  @Table(name = "customers")
  static class Customer {
    @Id int id;
    @Nullable String name;
    @Nullable String email;
  }
}
