"""What came in is cleaned; a broken rule goes out as page, fragment or problem document."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.errors import DomainError, as_domain_error
from core.middleware.requests import Next, is_api
from core.text import UncleanText, clean


class ProblemMiddleware:
    """Refuses text that no table may hold, and answers what a rule refused."""

    def __init__(self, get_response: Next) -> None:
        """Stand innermost, close to the view."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the work is done before and after the view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Clean query and form once, before any view or form looks at them."""
        try:
            if request.GET:
                request.GET = cleaned(request.GET)  # type: ignore[assignment]  # immutable too
            if request.method == "POST" and not is_api(request):
                request.POST = cleaned(request.POST)  # type: ignore[assignment]  # the same
        except UncleanText as error:
            return answer(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show what a rule or the database refused; a fault of ours goes on to `broken`."""
        refused = as_domain_error(error)
        return answer(request, refused) if refused else None


def cleaned(data: QueryDict) -> QueryDict:
    """Return the parameters with clean names and values; the error names the parameter."""
    result = QueryDict(mutable=True, encoding=data.encoding)
    for name, values in data.lists():
        try:
            result.setlist(clean(name), [clean(value) for value in values])
        except UncleanText as error:
            named = {"parameter": name} if name.isprintable() else {}
            raise UncleanText(error.message, errors=[named | {"detail": str(error)}]) from None
    result._mutable = False  # noqa: SLF001  # QueryDict offers no other way
    return result


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Tell what was refused and why, in the form the reader can use."""
    document = error.document(getattr(request, "request_id", ""))
    response: HttpResponse
    if is_api(request):
        response = JsonResponse(document, content_type="application/problem+json")
    elif getattr(request, "htmx", False):
        # A whole page inside a table cell helps nobody: a banner on top of the page does.
        response = HttpResponse(render_to_string("core/_problem.html", {"problem": document}))
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "afterbegin"
    elif error.status >= 500:
        # Standing alone, because the database that a full page reads may be what is missing.
        page = render_to_string("core/broken.html", {"problem": document})
        response = HttpResponse(page)
    else:
        page = render_to_string("core/problem.html", {"problem": document}, request)
        response = HttpResponse(page)
    response.status_code = error.status
    response.headers.setdefault("Content-Language", get_language() or "zh-hans")
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response
