"""What the survey knows of libraries: which of their names make an application, a database, ..."""

# a class of an application ends so, as flask.Flask and apiflask.APIFlask do
APPLICATION = "Flask"
BLUEPRINT = "flask.Blueprint"

# by the packages that are imported; what is made of them connects to a database
DATABASES = frozenset(
    "aiosqlite asyncpg databases dataset flask_mongoengine flask_mysqldb flask_peewee"
    " flask_pymongo flask_redis flask_sqlalchemy flask_sqlalchemy_lite mongoengine mysql MySQLdb"
    " oracledb peewee pony psycopg psycopg2 pymongo pymysql pyodbc records redis sqlalchemy"
    " sqlite3 sqlmodel tinydb".split()
)
CONNECTIONS = frozenset(
    "Connection ConnectionPool Database DeclarativeBase FlaskDB FlaskRedis MongoClient MongoEngine"
    " MySQL MySQLDatabase PostgresqlDatabase PyMongo Redis SQLAlchemy SqliteDatabase StrictRedis"
    " TinyDB automap_base connect create_async_engine create_engine declarative_base from_url"
    " scoped_session sessionmaker".split()
)
# classes whose subclasses are models without an object between
MODELS = frozenset(
    "mongoengine.Document mongoengine.EmbeddedDocument peewee.Model sqlmodel.SQLModel".split()
)

AUTHENTICATION = frozenset(
    "authlib flask_dance flask_httpauth flask_jwt flask_jwt_extended flask_login flask_oauthlib"
    " flask_principal flask_security oauthlib".split()
)
FORMS = frozenset(("flask_wtf", "wtforms"))

# an object of such a class registers views, as an application does
REGISTRARS = frozenset("Blueprint Api Namespace SocketIO Admin Manager AppGroup".split())
VIEWS = frozenset("View MethodView Resource".split())

# what of Flask a function asks that answers a request
ANSWERS = frozenset(
    "abort flash jsonify make_response redirect render_template request session".split()
)

# attributes by which an application or a blueprint gets functions
ROUTES = frozenset("route get post put patch delete websocket".split())
RULES = frozenset(("add_url_rule", "add_resource", "add_namespace"))
HOOKS = frozenset(
    "before_request after_request teardown_request teardown_appcontext before_first_request"
    " before_app_request after_app_request teardown_app_request errorhandler app_errorhandler"
    " register_error_handler context_processor app_context_processor url_value_preprocessor"
    " url_defaults template_filter template_global template_test app_template_filter"
    " app_template_global app_template_test shell_context_processor record".split()
)
COMMANDS = frozenset(("cli", "command", "group"))

# attributes of an application that are its configuration
CONFIGURATION = frozenset("config secret_key debug testing permanent_session_lifetime".split())

# attributes of an application that current_app cannot stand for
WITHOUT_REQUEST = frozenset(("app_context", "run"))

# words of a decorator that lets some requests pass, and others not
GUARDS = frozenset(
    "Authorization Unauthorized admin auth authenticated current_user login login_required"
    " logged_in permission role roles session token user user_id username".split()
)

# methods that change what they are called on
CHANGES = frozenset(
    "add append appendleft clear discard extend insert pop popitem popleft put remove setdefault"
    " update".split()
)

# what an application is told; it finishes no definition, whatever it is called on
DONE_BY_APPLICATION = (
    ROUTES
    | RULES
    | HOOKS
    | COMMANDS
    | CONFIGURATION
    | frozenset(
        "add_command app_context create_all init_app jinja_env logger register_blueprint run"
        " url_map wsgi_app".split()
    )
)
