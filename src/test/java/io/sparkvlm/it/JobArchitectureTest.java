package io.sparkvlm.it;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Holds the arrows between the packages of job and udf/spark, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.sparkvlm", importOptions = DoNotIncludeTests.class)
final class JobArchitectureTest {
    private static final String JOB = "io.sparkvlm.job";
    private static final String CLI = "io.sparkvlm.job.cli";
    private static final String FLAGS = "io.sparkvlm.job.cli.flags";
    private static final String OPTIONS = "io.sparkvlm.job.options";
    private static final String OF_ANSWERS = "io.sparkvlm.job.options.answers";
    private static final String INFERENCE = "io.sparkvlm.job.options.inference";
    private static final String RUN = "io.sparkvlm.job.run";
    private static final String SUMMARY = "io.sparkvlm.job.run.summary";
    private static final String OUTPUT = "io.sparkvlm.job.output";
    private static final String INPUT = "io.sparkvlm.job.input";
    private static final String SCAN = "io.sparkvlm.job.input.scan";
    private static final String FILES = "io.sparkvlm.job.input.files";
    private static final String LAYOUT = "io.sparkvlm.job.input.layout";
    private static final String PARQUET = "io.sparkvlm.job.input.parquet";
    private static final String FIELDS = "io.sparkvlm.job.input.fields";
    private static final String LAKE = "io.sparkvlm.job.lake";
    private static final String TEXT = "io.sparkvlm.job.text";
    private static final String SHOW = "io.sparkvlm.job.show";
    private static final String REPORT = "io.sparkvlm.job.report";
    private static final String DRY_RUN = "io.sparkvlm.job.dryrun";
    private static final String METRIC = "io.sparkvlm.job.metric";
    private static final String EVALUATE = "io.sparkvlm.job.evaluate";
    private static final String EXPORT = "io.sparkvlm.job.export";
    private static final String QUESTION = "io.sparkvlm.job.show.question";

    private static final String STAGES = "io.sparkvlm.spark";
    private static final String EXECUTOR = "io.sparkvlm.spark.executor";
    private static final String EXCHANGE = "io.sparkvlm.spark.exchange";
    private static final String COMMIT = "io.sparkvlm.spark.commit";
    private static final String TABLE = "io.sparkvlm.spark.table";
    private static final String REMOTE = "io.sparkvlm.spark.remote";
    private static final String SETTINGS = "io.sparkvlm.spark.settings";
    private static final String HADOOP = "io.sparkvlm.spark.hadoop";
    private static final String WATCH = "io.sparkvlm.spark.watch";

    private static final String[] ROOMS = {"io.sparkvlm.job..", "io.sparkvlm.spark.."};

    @ArchTest
    static final ArchRule hadoopKnowsNoOtherRoom = room(HADOOP);

    @ArchTest
    static final ArchRule whatIsWatchedKnowsNoTables = room(WATCH, EXECUTOR, SETTINGS);

    @ArchTest
    static final ArchRule serversKnowNoSpark = room(REMOTE);

    @ArchTest
    static final ArchRule settingsOpenHadoop = room(SETTINGS, HADOOP, REMOTE);

    @ArchTest
    static final ArchRule tablesKnowSettingsOnly = room(TABLE, SETTINGS);

    @ArchTest
    static final ArchRule theExchangeKnowsTablesAndNoStages = room(EXCHANGE, TABLE, WATCH);

    @ArchTest
    static final ArchRule theCommitKnowsTablesAndNoStages = room(COMMIT, TABLE, SETTINGS, WATCH);

    @ArchTest
    static final ArchRule whatAnExecutorSharesKnowsNoTables = room(EXECUTOR, REMOTE, SETTINGS);

    @ArchTest
    static final ArchRule theStagesKnowNoFileSystems =
            room(STAGES, EXECUTOR, REMOTE, EXCHANGE, COMMIT, TABLE, SETTINGS, WATCH);

    @ArchTest
    static final ArchRule textKnowsNoOtherRoom = room(TEXT);

    @ArchTest
    static final ArchRule filesKnowNoRequests = room(FILES, TEXT);

    @ArchTest
    static final ArchRule layoutsKnowNoFiles = room(LAYOUT, TEXT, TABLE);

    @ArchTest
    static final ArchRule parquetKnowsNoRequests = room(PARQUET, TEXT);

    @ArchTest
    static final ArchRule tablesWithVersionsKnowNoRequests = room(LAKE, TEXT);

    @ArchTest
    static final ArchRule fieldsKnowNoFiles = room(FIELDS, TABLE);

    @ArchTest
    static final ArchRule inputKnowsNoOutput = room(INPUT, FILES, LAYOUT, FIELDS, PARQUET, LAKE, TEXT, TABLE, SETTINGS);

    @ArchTest
    static final ArchRule theScanReadsWhatTheInputFinds =
            room(SCAN, INPUT, FILES, LAYOUT, FIELDS, PARQUET, TEXT, TABLE);

    @ArchTest
    static final ArchRule outputKnowsNoRun =
            room(OUTPUT, INPUT, FILES, COMMIT, LAYOUT, LAKE, TEXT, TABLE, REMOTE, SETTINGS, WATCH);

    @ArchTest
    static final ArchRule aRunKnowsNoOptions = room(
            RUN, SUMMARY, DRY_RUN, OUTPUT, SCAN, INPUT, FILES, COMMIT, LAYOUT, LAKE, TEXT, STAGES, TABLE, SETTINGS,
            WATCH);

    @ArchTest
    static final ArchRule summariesKnowNoRun = room(SUMMARY, OUTPUT, TEXT, TABLE, WATCH);

    @ArchTest
    static final ArchRule optionsKnowNoCommands =
            room(OPTIONS, RUN, OUTPUT, INPUT, FILES, COMMIT, LAYOUT, LAKE, TEXT, EXECUTOR, SETTINGS, WATCH);

    @ArchTest
    static final ArchRule optionsOfAnswersKnowNoSpark =
            room(OF_ANSWERS, SHOW, EXPORT, EVALUATE, METRIC, OUTPUT, FILES, TEXT);

    @ArchTest
    static final ArchRule optionsOfInferenceKnowNoTables = room(INFERENCE, OPTIONS, TEXT, REMOTE, SETTINGS, HADOOP);

    @ArchTest
    static final ArchRule questionsKnowNoAnswers = room(QUESTION, OUTPUT, INPUT, FILES, LAYOUT, TEXT, TABLE);

    @ArchTest
    static final ArchRule showKnowsNoFiles = room(SHOW, QUESTION, TEXT, TABLE);

    @ArchTest
    static final ArchRule dryRunsKnowNoJobs = room(DRY_RUN, TEXT, TABLE);

    @ArchTest
    static final ArchRule reportsKnowNoFiles = room(REPORT, SHOW, QUESTION, OUTPUT, TEXT, TABLE);

    @ArchTest
    static final ArchRule metricsKnowNoTables = room(METRIC);

    @ArchTest
    static final ArchRule scoresKnowNoFiles = room(EVALUATE, METRIC, TEXT, TABLE);

    @ArchTest
    static final ArchRule exportsKnowNoFilesOfJobs = room(EXPORT, EVALUATE, METRIC, TEXT, TABLE);

    @ArchTest
    static final ArchRule theDemoKnowsNoOtherRoom = room("io.sparkvlm.job.demo");

    @ArchTest
    static final ArchRule theDoctorKnowsNoTables = room("io.sparkvlm.job.doctor", TEXT, SETTINGS);

    @ArchTest
    static final ArchRule thePlannerKnowsNoOtherRoom = room("io.sparkvlm.job.plan");

    @ArchTest
    static final ArchRule commandsKnowNoStagesAndTables = room(
            CLI,
            FLAGS,
            "io.sparkvlm.job.demo",
            "io.sparkvlm.job.doctor",
            "io.sparkvlm.job.plan",
            INFERENCE,
            OPTIONS,
            OF_ANSWERS,
            DRY_RUN,
            REPORT,
            SHOW,
            EXPORT,
            EVALUATE,
            WATCH,
            QUESTION,
            RUN,
            SUMMARY,
            OUTPUT,
            INPUT,
            FILES,
            LAYOUT,
            TEXT,
            SETTINGS);

    @ArchTest
    static final ArchRule flagsKnowNoCommands = room(FLAGS, OPTIONS, TEXT);

    @ArchTest
    static final ArchRule theEntranceOfDjlKnowsNoTables =
            room("io.sparkvlm.job.djl", CLI, FLAGS, RUN, OUTPUT, TEXT, SETTINGS);

    @ArchTest
    static final ArchRule theEntranceOfSparkMlKnowsTheJobsOwn = room("io.sparkvlm.job.ml", JOB, LAYOUT, TABLE);

    @ArchTest
    static final ArchRule theFunctionsOfSqlKnowTheJobsOwn = room("io.sparkvlm.job.sql", JOB, TABLE);

    @ArchTest
    static final ArchRule theEntrancesKnowNoOptions =
            room(JOB, CLI, FLAGS, RUN, OUTPUT, INPUT, FILES, LAYOUT, TEXT, STAGES, SETTINGS);

    /** Without them a class can be read, and tested, after the ones that it names. */
    @ArchTest
    static final ArchRule classesOfTheJobMakeNoCircles =
            slices().assignedFrom(topLevelClassesOf(JOB)).should().beFreeOfCycles();

    /** Stage and iterator of a task name each other inside their package, as do a share and what it shares; no circle leaves it. */
    @ArchTest
    static final ArchRule classesMakeNoCirclesAcrossPackages = slices().assignedFrom(topLevelClassesOf(JOB, STAGES))
            .should()
            .beFreeOfCycles()
            .ignoreDependency(resideInAPackage(STAGES), resideInAPackage(STAGES))
            .ignoreDependency(resideInAPackage(EXECUTOR), resideInAPackage(EXECUTOR));

    private static ArchRule room(String room, String... mayKnow) {
        return classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(ROOMS))
                        .or(resideInAPackage(room))
                        .or(resideInAnyPackage(mayKnow)));
    }

    private static SliceAssignment topLevelClassesOf(String... roots) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                for (String root : roots) {
                    if (javaClass.getName().startsWith(root + ".")) {
                        return SliceIdentifier.of(javaClass.getName().split("\\$", 2)[0]);
                    }
                }
                return SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "top-level classes of " + String.join(" and ", roots);
            }
        };
    }
}
